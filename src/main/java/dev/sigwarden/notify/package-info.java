/// Channels that can carry an alert. One subpackage per channel; a new channel is a new subpackage
/// and nothing else: a class that implements `Channel`, annotated `@AutoService(Channel.class)`.
/// Sending is all a channel does: retries, order and deduplication are the outbox's.
///
/// What channels share is here: `HttpPost` (bounded, checked HTTP), `AddressRules`, `TrustedCas`,
/// `CloudEvent`, `PeerWords` (what a peer said, made safe). A new channel's test extends
/// `NotifierContract`. Subpackages do not know each other.
@NullMarked
package dev.sigwarden.notify;

import org.jspecify.annotations.NullMarked;
