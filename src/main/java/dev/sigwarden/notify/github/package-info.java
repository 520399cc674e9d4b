/// Alerts as issues of a GitHub repository: one issue for each finding, later tellings as comments.
/// Imports `alert`, `notify` and `settings` only.
@NullMarked
package dev.sigwarden.notify.github;

import org.jspecify.annotations.NullMarked;
