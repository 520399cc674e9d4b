/// Configuration files of other monitors, turned into watches: what they select, entry for entry,
/// and in words what could not be carried over. `RekorMonitorFile` reads, `RekorMonitorImport`
/// translates, `CertspotterImport` and `CertspotterMarkers` do both for a folder of Cert Spotter;
/// `Imported` is the outcome and writes it down. Each selector is tried on the real reader before
/// it is written, so that `check` accepts the outcome.
///
/// May use `watch`, `settings` and `entry.x509` (names of extensions). Another monitor is another
/// pair of classes.
@NullMarked
package dev.sigwarden.peer;

import org.jspecify.annotations.NullMarked;
