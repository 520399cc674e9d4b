/// Logs of C2SP tlog-tiles, over HTTP and from a local directory: c2sp.org/tlog-tiles. Protocols
/// that store their tree in such tiles build on `TilesClient`, with a `TileSource` of their own
/// where they find the resources differently, and a `BundleForm` where leaves have another form.
///
/// `TilePath` is path arithmetic, `EntryBundle` framing, `TileNodes` tree arithmetic: none does
/// I/O. `TileReader` reads single tiles, `TilesClient` makes a log of them.
@NullMarked
package dev.sigwarden.log.tiles;

import org.jspecify.annotations.NullMarked;
