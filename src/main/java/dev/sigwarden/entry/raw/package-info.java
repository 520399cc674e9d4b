/// Entries of logs that say nothing of their entries' form: any bytes, known by their digest.
/// Watches select them by text and by JSON pointer.
@NullMarked
package dev.sigwarden.entry.raw;

import org.jspecify.annotations.NullMarked;
