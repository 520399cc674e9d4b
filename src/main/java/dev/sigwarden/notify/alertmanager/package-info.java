/// Alerts for Prometheus Alertmanager's API v2, to all instances of a cluster. Imports `alert`,
/// `notify` and `settings` only.
@NullMarked
package dev.sigwarden.notify.alertmanager;

import org.jspecify.annotations.NullMarked;
