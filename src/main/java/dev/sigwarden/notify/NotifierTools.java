package dev.sigwarden.notify;

import dev.sigwarden.alert.AlertText;
import java.time.Clock;

/// What every notifier needs from outside.
///
/// @param text renders alerts with the templates in use
/// @param clock the time
/// @param instance this daemon's name: client ids, CloudEvents source
public record NotifierTools(AlertText text, Clock clock, String instance) {}
