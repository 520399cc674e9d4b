package dev.sigwarden.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// Connections that fail for good after a number of statements, as if the machine went down there:
/// the statement that is cut does not run.
final class FailingSource implements FileDatabase.Source {
  private final FileDatabase.Source source;
  private final AtomicInteger left;

  /// @param statements how many statements and commits still work
  FailingSource(FileDatabase.Source source, int statements) {
    this.source = source;
    this.left = new AtomicInteger(statements);
  }

  @Override
  public Connection open(boolean readOnly) throws SQLException {
    Connection real = source.open(readOnly);
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              boolean counts =
                  method.getName().equals("prepareStatement") || method.getName().equals("commit");
              if (counts && left.getAndDecrement() <= 0) {
                throw new SQLException("cut at " + method.getName());
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
