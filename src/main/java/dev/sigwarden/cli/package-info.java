/// The commands. Each is one class, with the world it needs beside it where that is large; only
/// `run` starts Quarkus.
@NullMarked
package dev.sigwarden.cli;

import org.jspecify.annotations.NullMarked;
