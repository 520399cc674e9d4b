/// Rekor's `rpm` entries: a signed RPM package, version 0.0.1. The signature is inside the package
/// and not in the entry.
@NullMarked
package dev.sigwarden.entry.rpm;

import org.jspecify.annotations.NullMarked;
