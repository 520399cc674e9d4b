/// The commands. Each is one class; only `run` starts Quarkus.
@NullMarked
package dev.sigwarden.cli;

import org.jspecify.annotations.NullMarked;
