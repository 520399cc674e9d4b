package dev.sigwarden.replica;

/// Which tasks fall to this process. Thread-safe.
public interface Tenure {
  /// Says that this process can run the task.
  void want(String task);

  /// Says that this process does not run the task any more.
  void drop(String task);

  /// The number of the uninterrupted time for which the task has been this process's, larger each
  /// time; 0 if it is another's, or nobody's yet.
  long term(String task);

  /// Whether the task is this process's now.
  default boolean holds(String task) {
    return term(task) != 0;
  }

  /// How many processes share the work, this one included: at least 1.
  int sharers();

  /// For a process that shares its database with no other: every task, for good.
  static Tenure alone() {
    return Alone.TENURE;
  }
}
