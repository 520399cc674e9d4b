/// Sigstore bundles: a signature with its certificate and the proof that a log holds it, in one
/// file. `BundleCheck` is where the answer is made, offline: the log's part by `verify`, `note` and
/// `merkle`, the certificate by `trust`, and that both speak of what the bundle signs.
///
/// May use anything below; nothing but `cli` and `daemon`, which puts parts together, uses it.
@NullMarked
package dev.sigwarden.bundle;

import org.jspecify.annotations.NullMarked;
