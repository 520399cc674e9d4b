/// Certificates and public keys in entries as `Signer`s: shared by every entry kind that holds one.
/// Reads names and Fulcio's extensions from DER in one walk, checks no chain, fetches nothing, and
/// uses neither the JDK's nor Bouncy Castle's certificates, which would cost more than all the rest
/// of an entry.
@NullMarked
package dev.sigwarden.entry.x509;

import org.jspecify.annotations.NullMarked;
