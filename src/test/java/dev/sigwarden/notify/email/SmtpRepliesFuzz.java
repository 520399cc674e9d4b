package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.Loopback;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.RawServer;
import dev.sigwarden.text.Sanitizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Whatever a mail server replies, one line of the input to each command, is an outcome in words
/// that can be shown.
class SmtpRepliesFuzz {
  /// Code points of a reason: a server and its words.
  private static final int MAX_REASON = 600;

  @FuzzTest
  void deliver(byte[] replies) throws IOException {
    String[] lines = new String(replies, StandardCharsets.ISO_8859_1).split("\n", 100);
    Path folder = Files.createTempDirectory("sigwarden");
    try (var _ = Loopback.allowed();
        RawServer server = new RawServer(socket -> converse(socket, lines));
        Notifier notifier = open(folder, server.port())) {
      var alert = TestAlerts.fork();
      switch (notifier.deliver(new Message("key", alert, "key"))) {
        case Delivery.Delivered(String reference) -> assertShown(reference);
        case Delivery.LeftOut(String reason) -> throw new AssertionError(reason);
        case Delivery.TryAgain(String reason, _) -> assertShown(reason);
        case Delivery.Refused(String reason) -> assertShown(reason);
        case Delivery.Unauthorized(String reason) -> assertShown(reason);
      }
    } finally {
      Files.delete(folder.resolve("sigwarden.yaml"));
      Files.delete(folder);
    }
  }

  private static void assertShown(String reason) {
    assertThat(reason.codePoints()).hasSizeLessThan(MAX_REASON).allMatch(Sanitizer::isShown);
  }

  private static Notifier open(Path folder, int port) {
    return Opened.receiver(
        folder,
        """
        channel: email
        to: [oncall@acme.example, soc@acme.example]
        from: sigwarden@acme.example
        smtp: {host: localhost, port: %d, timeout: 10s, security: plain, allow-insecure: true}
        """
            .formatted(port),
        Map.of(),
        TestAlerts.CLOCK);
  }

  private static void converse(Socket socket, String[] lines) throws IOException {
    OutputStream out = socket.getOutputStream();
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    boolean data = false;
    for (String reply : lines) {
      out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      // A reply with a hyphen goes on: RFC 5321 section 4.2.1.
      boolean goesOn = reply.length() > 3 && reply.charAt(3) == '-';
      String line = goesOn ? "" : in.readLine();
      while (line != null && data && !line.equals(".")) {
        line = in.readLine();
      }
      if (line == null) {
        return;
      }
      data = reply.startsWith("354");
    }
  }
}
