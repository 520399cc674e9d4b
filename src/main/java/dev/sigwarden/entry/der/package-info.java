/// DER as certificates and keys hold it (ITU-T X.690): framing, object identifiers, strings, times.
/// Pure: knows bytes only. Framing is strict, so that two readers cannot see different elements;
/// what an element holds is for its reader to judge.
@NullMarked
package dev.sigwarden.entry.der;

import org.jspecify.annotations.NullMarked;
