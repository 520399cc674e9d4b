/// Text from outside, for all stages: made safe to show (`Sanitizer`, the only one), and headers
/// that both readers and senders meet. Imports the JDK only.
@NullMarked
package dev.sigwarden.text;

import org.jspecify.annotations.NullMarked;
