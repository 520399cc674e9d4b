/// Liveness, readiness and metrics over HTTP.
@NullMarked
package dev.sigwarden.health;

import org.jspecify.annotations.NullMarked;
