/// Channels that can carry an alert. One subpackage per channel; a new channel is a new subpackage
/// and nothing else: a class that implements `Channel`, or extends `HttpChannel`, annotated
/// `@AutoService(Channel.class)`. Sending is all a channel does: retries, order and deduplication
/// are the outbox's.
///
/// What channels share is here, so that it is done in one way:
///
/// | for | use |
/// | --- | --- |
/// | HTTP: addresses checked, answers bounded, redirects never | `HttpChannel`, `HttpOptions`, `HttpNotifier`, `HttpCall`, `HttpAnswer` |
/// | a connection that is not HTTP | `PeerSocket`, `TrustedCas` |
/// | secrets, read at each use and never shown | `Credential`, `HttpCall.secret` |
/// | what a peer said, made safe | `PeerWords` |
/// | limits of a service | `Fitting` |
/// | incidents that open and close | `Stage` |
/// | where an alert may be followed to | `Link` |
/// | JSON for programs | `PayloadFormat`, `CloudEvent` |
/// | words for people | `AlertText.render` with the channel's name |
///
/// `min-severity`, `fields` and `rate` are read and applied outside of channels. A new channel's
/// test extends `NotifierContract`, over HTTP `HttpReceiverContract`. Subpackages do not know each
/// other.
@NullMarked
package dev.sigwarden.notify;

import org.jspecify.annotations.NullMarked;
