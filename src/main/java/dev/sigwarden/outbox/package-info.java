/// Each alert to each receiver at least once: leases, retries with backoff, dead letters, order.
/// State is in `store`; sending is `notify`'s; deciding when to try again is here.
///
/// One `Courier` per receiver takes one delivery at a time. What it decides after an attempt:
///
/// | answer | the delivery | the receiver |
/// | --- | --- | --- |
/// | `Delivered` | done | closed breaker; told as recovered if it was failing |
/// | `LeftOut` | done, with the reason | nothing: it was not asked |
/// | `TryAgain` | again after a backoff of up to 15 minutes (2 for a fresh critical alert), and no sooner than the receiver asked; given up after 3 days | left alone for as long as it asked; after 5 failures in a row the breaker opens |
/// | `Unauthorized` | again, however old | the breaker opens at once |
/// | `Refused` | given up | counts as a failure |
///
/// An open breaker lets one attempt through after 30 seconds, doubling to 10 minutes. Others are
/// told (`DeadLetter`) when a breaker opens and before a delivery is given up. A person who mends
/// the receiver has to do nothing more.
///
/// May import `store`, `notify` and `alert`, and the severities of `watch`.
@NullMarked
package dev.sigwarden.outbox;

import org.jspecify.annotations.NullMarked;
