/// Rekor's `rekord` entries: a detached signature over a file, version 0.0.1. The key is X.509 in
/// PEM, OpenPGP, minisign or signify, or SSH.
@NullMarked
package dev.sigwarden.entry.rekord;

import org.jspecify.annotations.NullMarked;
