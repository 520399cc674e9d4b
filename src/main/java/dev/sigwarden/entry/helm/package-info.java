/// Rekor's `helm` entries: a Helm chart with its provenance file, version 0.0.1.
@NullMarked
package dev.sigwarden.entry.helm;

import org.jspecify.annotations.NullMarked;
