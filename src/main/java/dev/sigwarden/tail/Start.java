package dev.sigwarden.tail;

/// Where reading a log begins when it is first met.
public sealed interface Start {
  /// At the newest entry of the first believed head: the past is not read.
  record Head() implements Start {}

  /// At an entry.
  ///
  /// @param index of the first entry read, `>= 0`; beyond the first head it means that head
  record Index(long index) implements Start {}
}
