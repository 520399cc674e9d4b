/// A polite, bounded HTTP client for reading logs: contact in the User-Agent, body and inflation
/// caps, `Retry-After`, a rate and a concurrency per host, deadlines, jittered backoff, no
/// redirects.
@NullMarked
package dev.sigwarden.log.http;

import org.jspecify.annotations.NullMarked;
