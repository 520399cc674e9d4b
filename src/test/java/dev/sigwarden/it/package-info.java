/// The whole program against a log and receivers of our own, with faults injected: one test for
/// each thing that must not go unnoticed, and for each that must not raise an alarm.
///
/// `WholeProgram` runs the daemon in this process from a configuration file as an operator writes
/// it; `Program` runs the packaged program as a process of its own, to be killed.
@NullMarked
package dev.sigwarden.it;

import org.jspecify.annotations.NullMarked;
