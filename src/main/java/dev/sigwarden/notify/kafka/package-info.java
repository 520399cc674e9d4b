/// Alerts as CloudEvents on a Kafka topic, keyed by the finding's id. Imports `alert`, `notify` and
/// `settings` only.
@NullMarked
package dev.sigwarden.notify.kafka;

import org.jspecify.annotations.NullMarked;
