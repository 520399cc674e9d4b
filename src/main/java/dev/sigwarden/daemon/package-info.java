/// The running whole: reads the configuration tree, builds the parts from it, starts, reloads and
/// stops them. The only package that knows all others but `cli` and `health`.
@NullMarked
package dev.sigwarden.daemon;

import org.jspecify.annotations.NullMarked;
