/// The running whole: reads the configuration tree, builds the parts from it, starts, reloads and
/// stops them. Only `cli` and `health` know it.
@NullMarked
package dev.sigwarden.daemon;

import org.jspecify.annotations.NullMarked;
