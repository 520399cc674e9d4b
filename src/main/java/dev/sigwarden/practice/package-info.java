/// A practice log: real trees, keys, certificates and signatures, served over loopback HTTP. For
/// `demo`, `drill`, `bench` and the tests.
///
/// `PracticeLog` is the log, `PracticeServer` puts it on HTTP, `PracticeSigner` makes who signs and
/// `PracticeEntries` what they log; `BenchEntries` and `BenchCtLog` make many entries fast.
/// `PracticeLedger` is the ledger of a transparency service, and `PracticeIssuer` signs statements
/// for it. Imports `merkle`, `note`, Jackson and Bouncy Castle: none of the code that reads logs,
/// so that what is tested against it is not tested against itself.
@NullMarked
package dev.sigwarden.practice;

import org.jspecify.annotations.NullMarked;
