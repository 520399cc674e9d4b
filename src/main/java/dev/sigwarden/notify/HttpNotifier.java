package dev.sigwarden.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A receiver that is told over HTTP: what to say and how to take the answer is the channel's, what
/// trouble on the way means is here.
public final class HttpNotifier implements Notifier {
  /// Tells one message, with one call or several.
  @FunctionalInterface
  public interface Conversation {
    /// How it ended.
    ///
    /// @throws UnusableException if a person has to change something first
    /// @throws IOException if there was no answer, or none that makes sense
    Delivery hold(HttpPeer peer, Message message) throws IOException, InterruptedException;

    /// See `Notifier.refreshInterval`.
    default Optional<Duration> refreshInterval() {
      return Optional.empty();
    }

    /// See `Notifier.refresh`; throws what `hold` throws.
    default Delivery refresh(HttpPeer peer, List<Message> standing)
        throws IOException, InterruptedException {
      throw new IOException("nothing to refresh: the receiver remembers");
    }

    /// One call for each message, and the answer judged by its status.
    static Conversation of(Question question) {
      return of(question, HttpAnswer::judge);
    }

    /// One call for each message, and the answer judged by the channel.
    static Conversation of(Question question, Verdict verdict) {
      return (peer, message) -> verdict.of(peer.exchange(question.of(message)));
    }
  }

  /// The one call that tells a message.
  @FunctionalInterface
  public interface Question {
    /// The call; throws what `Conversation.hold` throws.
    HttpCall of(Message message) throws UnusableException;
  }

  /// What a service's answers mean.
  @FunctionalInterface
  public interface Verdict {
    /// The outcome; throws what `Conversation.hold` throws.
    Delivery of(HttpAnswer answer) throws IOException;
  }

  private final HttpPeer peer;
  private final Conversation conversation;

  public HttpNotifier(HttpOptions options, NotifierTools tools, Conversation conversation) {
    this(new HttpPeer(options, tools.clock()), conversation);
  }

  /// The same with a client that it closes.
  HttpNotifier(HttpPeer peer, Conversation conversation) {
    this.peer = peer;
    this.conversation = conversation;
  }

  @Override
  public Delivery deliver(Message message) {
    return peer.attempt(() -> conversation.hold(peer, message));
  }

  @Override
  public Optional<Duration> refreshInterval() {
    return conversation.refreshInterval();
  }

  @Override
  public Delivery refresh(List<Message> standing) {
    return peer.attempt(() -> conversation.refresh(peer, standing));
  }

  @Override
  public void close() {
    peer.close();
  }
}
