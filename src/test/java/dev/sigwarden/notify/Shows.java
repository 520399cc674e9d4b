package dev.sigwarden.notify;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Which part of a channel's contract a test shows. `ChannelsTest` reads it.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Shows {
  Part[] value();

  /// What is to be shown of each channel.
  enum Part {
    /// A receiver that takes everything is told everything.
    TAKEN,
    /// One that is away is told later.
    AWAY,
    /// Each answer of its service leads to the right decision.
    ANSWERS,
    /// A pause that the service asks for is kept.
    PAUSE,
    /// A service that never answers ends an attempt in time.
    HANG,
    /// A service that answers without end does no harm.
    ENDLESS,
    /// A server with a certificate that is not right is told nothing.
    CERTIFICATE,
    /// A secret that was changed while running counts at once.
    ROTATED,
    /// No secret is in what is logged or kept, whatever the service repeats.
    SECRET,
    /// Text of a log acts on nothing.
    HOSTILE
  }
}
