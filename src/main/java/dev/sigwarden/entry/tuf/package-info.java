/// Rekor's `tuf` entries: metadata of The Update Framework with the root that it was checked
/// against, version 0.0.1.
@NullMarked
package dev.sigwarden.entry.tuf;

import org.jspecify.annotations.NullMarked;
