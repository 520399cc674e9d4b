/// The configuration file as strict, described sections. `Section` is what every feature reads its
/// own part from; the same reading code, run over a `SchemaSection`, yields the published JSON
/// Schema. Knows no feature.
@NullMarked
package dev.sigwarden.settings;

import org.jspecify.annotations.NullMarked;
