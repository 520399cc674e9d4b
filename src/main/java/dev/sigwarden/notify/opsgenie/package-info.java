/// Alerts for Jira Service Management and Opsgenie, one alert there for each finding here. Imports
/// `alert`, `notify` and `settings` only.
@NullMarked
package dev.sigwarden.notify.opsgenie;

import org.jspecify.annotations.NullMarked;
