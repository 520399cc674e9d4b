/// Logs and receivers that misbehave on demand, for tests: real HTTP on loopback, real trees and
/// signatures, and faults that are switched on one by one.
///
/// `SimulatedLog` is the log; what can go wrong with it is listed in `Histories` (what it claims),
/// `Corruptions` (what its files hold) and `WireFaults` (how it answers). `SimulatedCt`,
/// `SimulatedRekor` and `SimulatedLedger` are logs of other protocols; what a ledger can do wrong
/// is in `LedgerFaults`. `WebhookReceiver` is the other end.
@NullMarked
package dev.sigwarden.sim;

import org.jspecify.annotations.NullMarked;
