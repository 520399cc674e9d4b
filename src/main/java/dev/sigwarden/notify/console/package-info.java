/// Alerts on this process's standard output or error: for a first look, for `demo`, and for systems
/// that collect what containers print.
@NullMarked
package dev.sigwarden.notify.console;

import org.jspecify.annotations.NullMarked;
