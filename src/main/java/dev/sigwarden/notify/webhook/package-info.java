/// Alerts as signed HTTP posts: Standard Webhooks 1.0.0, with a JSON body or as a CloudEvent.
/// Imports `alert`, `notify` and `settings` only.
@NullMarked
package dev.sigwarden.notify.webhook;

import org.jspecify.annotations.NullMarked;
