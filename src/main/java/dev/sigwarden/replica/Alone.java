package dev.sigwarden.replica;

/// Every task, for good.
enum Alone implements Tenure {
  /// The one there is.
  TENURE;

  @Override
  public void want(String task) {
    // Nobody else could.
  }

  @Override
  public void drop(String task) {
    // Nobody else could.
  }

  @Override
  public long term(String task) {
    return 1;
  }

  @Override
  public int sharers() {
    return 1;
  }
}
