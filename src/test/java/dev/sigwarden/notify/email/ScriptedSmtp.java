package dev.sigwarden.notify.email;

import dev.sigwarden.notify.RawServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A mail server that answers as a test says, with STARTTLS, which GreenMail has not.
public final class ScriptedSmtp implements AutoCloseable {
  /// Answers by the beginning of a command, `RCPT TO:<a@b>` for example; the rest is accepted.
  public final Map<String, String> answers = new ConcurrentHashMap<>();

  /// Every command of every connection.
  public final List<String> commands = new CopyOnWriteArrayList<>();

  /// Every mail taken.
  public final List<String> mails = new CopyOnWriteArrayList<>();

  /// Whom each of these mails was for, as `RCPT TO` had it.
  public final List<List<String>> recipients = new CopyOnWriteArrayList<>();

  /// After how many of the next mails the connection is lost before they are acknowledged.
  public final AtomicInteger losses = new AtomicInteger();

  private final SSLContext tls;
  private final RawServer server;

  /// A server whose STARTTLS uses `tls`.
  public ScriptedSmtp(SSLContext tls) {
    this.tls = tls;
    this.server = new RawServer(socket -> hold(socket, false));
  }

  /// The port.
  public int port() {
    return server.port();
  }

  private void hold(Socket socket, boolean secured) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    OutputStream out = socket.getOutputStream();
    if (!secured) {
      say(out, "220 ready");
    }
    List<String> to = new ArrayList<>();
    String line;
    while ((line = in.readLine()) != null) {
      commands.add(line);
      String command = line;
      String answer =
          answers.entrySet().stream()
              .filter(entry -> command.startsWith(entry.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse("");
      if (!answer.isEmpty()) {
        say(out, answer);
      } else if (line.startsWith("EHLO")) {
        say(out, secured ? "250-me\r\n250 AUTH PLAIN" : "250-me\r\n250 STARTTLS");
      } else if (line.startsWith("STARTTLS")) {
        say(out, "220 go");
        SSLSocket secure =
            (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secure.setUseClientMode(false);
        hold(secure, true);
        return;
      } else if (line.startsWith("AUTH")) {
        say(out, "235 welcome");
      } else if (line.startsWith("DATA")) {
        say(out, "354 go on");
        mails.add(mail(in));
        recipients.add(List.copyOf(to));
        to.clear();
        if (losses.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          return;
        }
        say(out, answers.getOrDefault(".", "250 taken"));
      } else if (line.startsWith("QUIT")) {
        say(out, "221 bye");
        return;
      } else {
        if (line.startsWith("RCPT TO:")) {
          to.add(line.substring("RCPT TO:".length()).replaceAll("[<>]", ""));
        }
        say(out, "250 fine");
      }
    }
  }

  private static String mail(BufferedReader in) throws IOException {
    StringBuilder mail = new StringBuilder();
    String line;
    while ((line = in.readLine()) != null && !line.equals(".")) {
      mail.append(line).append("\r\n");
    }
    return mail.toString();
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
