/// Alerts as events of Splunk's HTTP Event Collector, indexed before they count as delivered if
/// asked. Imports `alert`, `notify` and `settings` only.
@NullMarked
package dev.sigwarden.notify.splunk;

import org.jspecify.annotations.NullMarked;
