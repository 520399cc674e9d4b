/// A polite, bounded HTTP client for reading logs: contact in the User-Agent, body and inflation
/// caps, `Retry-After`, a rate and a concurrency per host, deadlines, jittered backoff, no
/// redirects. `AnswerReader` reads JSON as strictly as the other parsers read their bytes.
@NullMarked
package dev.sigwarden.log.http;

import org.jspecify.annotations.NullMarked;
