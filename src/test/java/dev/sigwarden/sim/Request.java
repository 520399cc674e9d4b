package dev.sigwarden.sim;

import java.util.Map;

/// One HTTP request as it was read.
///
/// @param method `GET`, `POST`
/// @param path what stands after the method, with its leading slash, as sent
/// @param headers by lowercase name
/// @param body as ISO 8859-1 text, one character for each byte
public record Request(String method, String path, Map<String, String> headers, String body) {}
