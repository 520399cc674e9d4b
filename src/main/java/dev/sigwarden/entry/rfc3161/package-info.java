/// Rekor's `rfc3161` entries: an answer of a time-stamping authority (RFC 3161), version 0.0.1. An
/// answer without its authority's certificate is undecodable, since nothing in it says who that is.
@NullMarked
package dev.sigwarden.entry.rfc3161;

import org.jspecify.annotations.NullMarked;
