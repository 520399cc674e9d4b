/// Sigstore Rekor v2: tlog-tiles under one of two read prefixes, shards that end frozen. Everything
/// else is `log.tiles`.
@NullMarked
package dev.sigwarden.log.rekortiles;

import org.jspecify.annotations.NullMarked;
