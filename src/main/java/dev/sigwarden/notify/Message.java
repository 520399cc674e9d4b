package dev.sigwarden.notify;

import dev.sigwarden.alert.Alert;

/// One alert on its way to one receiver.
///
/// @param key 64 hex digits, the same on every attempt of this alert to this receiver and different
///   for any other
/// @param alert what to tell
/// @param openedKey the key under which this receiver was told of the same finding first; equals
///   `key` for the first telling
public record Message(String key, Alert alert, String openedKey) {}
