package dev.sigwarden.log.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/// A body collected into one array and never beyond a bound: what is longer ends the exchange at
/// once. Bytes are copied out of the client's buffers, which can be far larger than what they
/// carry.
final class BoundedBody implements BodySubscriber<byte[]> {
  /// Bytes reserved at first where the server declares no length.
  private static final int FIRST_BUFFER_BYTES = 64 * 1024;

  /// Bytes reserved at first at most, whatever the server declares: a full bundle of usual entries.
  /// Beyond it, what is declared is believed only as far as it is delivered.
  private static final int MAX_FIRST_BUFFER_BYTES = 1024 * 1024;

  private final int maxBytes;
  private final boolean cut;
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();

  // Owned by whoever signals; signals come one after the other.
  private byte[] bytes;
  private int length;
  private Flow.Subscription subscription = NO_SUBSCRIPTION;

  private static final Flow.Subscription NO_SUBSCRIPTION =
      new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
      };

  private BoundedBody(int maxBytes, boolean cut, long declared) {
    this.maxBytes = maxBytes;
    this.cut = cut;
    long first = declared < 0 ? FIRST_BUFFER_BYTES : Math.min(declared, MAX_FIRST_BUFFER_BYTES);
    this.bytes = new byte[(int) Math.min(maxBytes, first)];
  }

  /// A body of at most `maxBytes`; a longer one fails with `TooLongException`. `declared` is the
  /// Content-Length, -1 for none.
  static BoundedBody whole(int maxBytes, long declared) {
    BoundedBody body = new BoundedBody(maxBytes, false, declared);
    if (declared > maxBytes) {
      body.result.completeExceptionally(
          new TooLongException(declared + " bytes declared (expected: <= " + maxBytes + ")"));
    }
    return body;
  }

  /// The first `maxBytes` of a body.
  static BoundedBody beginning(int maxBytes) {
    return new BoundedBody(maxBytes, true, -1);
  }

  /// A body over its bound. Not a transport's failure: asking again would bring the same.
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    if (result.isDone() || this.subscription != NO_SUBSCRIPTION) {
      subscription.cancel();
      return;
    }
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (result.isDone()) {
        return;
      }
      take(buffer);
    }
  }

  private void take(ByteBuffer buffer) {
    int more = Math.min(buffer.remaining(), maxBytes - length);
    boolean over = more < buffer.remaining();
    if (over && !cut) {
      subscription.cancel();
      bytes = new byte[0];
      result.completeExceptionally(
          new TooLongException("more than " + maxBytes + " bytes (expected: no more)"));
      return;
    }
    if (length + more > bytes.length) {
      long doubled = Math.max(length + (long) more, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, doubled));
    }
    buffer.get(bytes, length, more);
    length += more;
    if (over) {
      subscription.cancel();
      onComplete();
    }
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    result.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }
}
