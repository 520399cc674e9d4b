package dev.sigwarden.alert;

/// One named value of an alert.
///
/// @param name our own word for it, `identity` for example; stable, used as JSON key
/// @param value sanitised and bounded text: printable, one line, may still hold any channel's
///   markup
/// @param fromLog whether the value is text that somebody wrote into a log
public record Field(String name, String value, boolean fromLog) {}
