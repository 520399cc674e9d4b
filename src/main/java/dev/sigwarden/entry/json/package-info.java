/// Strict JSON as entries hold it: one object, no repeated key, nothing after it, bounded depth.
/// Pure: knows bytes only, and nothing of entries.
@NullMarked
package dev.sigwarden.entry.json;

import org.jspecify.annotations.NullMarked;
