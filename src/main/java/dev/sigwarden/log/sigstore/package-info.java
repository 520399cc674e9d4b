/// A whole Sigstore instance: every log that a trusted root names, old and new, each through the
/// protocol that it speaks. A log of Rekor v1 is a family of shards itself, one of Rekor v2 a log.
///
/// The root says whose signatures count and which logs there are; `trust` holds it and gives it
/// here as `RootLogs`.
@NullMarked
package dev.sigwarden.log.sigstore;

import org.jspecify.annotations.NullMarked;
