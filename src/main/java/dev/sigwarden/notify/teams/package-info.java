/// Alerts as Adaptive Cards for a workflow of Microsoft Teams. Imports `alert`, `notify` and
/// `settings` only.
@NullMarked
package dev.sigwarden.notify.teams;

import org.jspecify.annotations.NullMarked;
