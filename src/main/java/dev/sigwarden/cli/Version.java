package dev.sigwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// `sigwarden version`.
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class Version implements Callable<Integer> {
  /// The version for `--version`.
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }
  }

  /// The version as people read it: `sigwarden 0.1.0`.
  static String text() {
    return "sigwarden " + number();
  }

  private static String number() {
    try (InputStream in = Version.class.getResourceAsStream("/sigwarden-version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Integer call() {
    System.out.println(text());
    return Exit.OK;
  }
}
