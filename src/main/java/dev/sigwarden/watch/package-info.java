/// Is this signing event one that a team asked to hear of, and was it expected? `Watches` is the
/// door: watches compiled into a matcher whose cost per entry does not grow with their number, and
/// verdicts.
///
/// A `Watch` has selectors (`Selector`: criteria that all have to hold) and an `Expectation`
/// (allowlists, required extensions, grace). Each selector is filed in the `Index` under one
/// criterion, its `SelectorKey`: exact values in hash maps, globs and expressions under a literal
/// that they contain, all literals of one trait in an `Automaton`. An event looks its own values up
/// there, and only what it finds is verified in full (`Selection`). Values are compared by exact
/// code points and always as a whole.
///
/// Names of certificates (`dns`, `ip`, `email`, `uri`) are not compared as they stand: `NameForms`
/// says what each may be taken for, and `NameIndex` finds who watches that, hosts by their labels
/// from the right (`HostIndex`). What was meant to be issued is a line of an allowlist
/// (`CertificateRule`); `AllowedCertificate` makes one of an operator's file, `AllowlistEdit` adds
/// it.
///
/// Whatever is in doubt counts as selected and as not expected: a value too long for an expression,
/// a key that a JSON object repeats, an issuer that a certificate names in two forms. `Allowlists`
/// are files that are read again when they change; the old content stays until the new one is
/// whole.
///
/// `Lookalikes` finds signers that no watch selects and whose names resemble a watched one; what a
/// selector writes out of a name is its `Watched`.
///
/// May use `entry`, `lookalike` (also for hosts outside ASCII), `note` (to read keys) and
/// `settings`. A new criterion is a `Criterion.Trait`, its value in `Selector`, its index in
/// `Index` and its key in `SelectorReader`; a name of certificates one in `NameForms` and
/// `NameKey`.
@NullMarked
package dev.sigwarden.watch;

import org.jspecify.annotations.NullMarked;
