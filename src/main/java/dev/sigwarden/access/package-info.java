/// Who may do what through the API: roles, tokens, and what the configuration says of both. Pure:
/// knows neither the database nor HTTP.
@NullMarked
package dev.sigwarden.access;

import org.jspecify.annotations.NullMarked;
