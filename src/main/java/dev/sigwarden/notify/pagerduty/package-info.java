/// Alerts as events of PagerDuty's Events API v2: incidents that open, are acknowledged and close
/// with the finding or condition. Imports `alert`, `notify` and `settings` only.
@NullMarked
package dev.sigwarden.notify.pagerduty;

import org.jspecify.annotations.NullMarked;
