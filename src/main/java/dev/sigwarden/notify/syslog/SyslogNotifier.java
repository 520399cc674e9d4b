package dev.sigwarden.notify.syslog;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.PeerSocket;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.UnusableException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Sends each alert over a connection of its own and waits until the server has closed it too:
/// syslog has no answers, and this is the nearest to one. A server that has read everything can
/// still lose it; who needs more uses a channel that answers.
final class SyslogNotifier implements Notifier {
  /// Milliseconds that a server may take to close its side; one that does not has the message all
  /// the same.
  private static final int CLOSE_MILLIS = 1_000;

  private final SyslogOptions options;
  private final NotifierTools tools;

  SyslogNotifier(SyslogOptions options, NotifierTools tools) {
    this.options = options;
    this.tools = tools;
  }

  @Override
  public Delivery deliver(Message message) {
    byte[] frame = SyslogMessage.framed(message.alert(), options.style(), tools.instance());
    AtomicReference<@Nullable Socket> open = new AtomicReference<>();
    FutureTask<Boolean> task = new FutureTask<>(() -> send(frame, open));
    Thread.ofVirtual().name("syslog").start(task);
    try {
      boolean _ = task.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return new Delivery.Delivered("%d bytes written".formatted(frame.length));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return cause instanceof UnusableException
          ? new Delivery.Unauthorized(PeerWords.clean(String.valueOf(cause.getMessage())))
          : again(PeerWords.of(cause));
    } catch (TimeoutException e) {
      return again("no end within " + options.timeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return again("stopped while sending");
    } finally {
      close(open.get());
    }
  }

  private boolean send(byte[] frame, AtomicReference<@Nullable Socket> open) throws IOException {
    Socket socket =
        PeerSocket.plain(options.host(), options.port(), options.allowPrivate(), options.timeout());
    open.set(socket);
    if (options.security() == SyslogChannel.Security.TLS) {
      socket = PeerSocket.secure(socket, options.host(), options.cas());
      open.set(socket);
    }
    socket.getOutputStream().write(frame);
    socket.getOutputStream().flush();
    socket.shutdownOutput();
    socket.setSoTimeout(CLOSE_MILLIS);
    try {
      // Servers say nothing; one that does is not listened to for long.
      int _ = socket.getInputStream().read();
    } catch (SocketTimeoutException e) {
      // Still open, and nothing wrong with it.
    }
    return true;
  }

  private Delivery again(String reason) {
    return new Delivery.TryAgain(
        PeerWords.clean(options.host() + ":" + options.port()) + ": " + reason, Optional.empty());
  }

  private static void close(@Nullable Socket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // It is over in any case.
    }
  }

  /// Nothing stays open between messages.
  @Override
  public void close() {}
}
