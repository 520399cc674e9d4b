/// Public keys that are neither certificates nor OpenPGP: SSH, minisign and signify, and TUF's.
/// Shared by the entry kinds that hold one and by key files. Each becomes the fingerprint of its
/// SubjectPublicKeyInfo, so that one key is one signer in every form; nothing is computed with it.
@NullMarked
package dev.sigwarden.entry.keys;

import org.jspecify.annotations.NullMarked;
