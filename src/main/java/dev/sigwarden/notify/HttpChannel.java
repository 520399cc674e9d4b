package dev.sigwarden.notify;

import dev.sigwarden.notify.HttpNotifier.Conversation;
import dev.sigwarden.settings.Section;

/// A channel that speaks HTTP. It brings its own keys, what it asks, and what an answer means if
/// that is another than `HttpAnswer.judge` says; how the service is reached is read and done here.
public abstract class HttpChannel implements Channel {
  /// What a configured receiver says and hears, once it is opened.
  @FunctionalInterface
  public interface Speech {
    /// The conversation of the receiver named `receiver`; says nothing yet.
    Conversation begin(String receiver, NotifierTools tools);
  }

  private final String name;
  private final boolean keepsIncidents;

  /// @param name the value of `channel:`
  /// @param keepsIncidents see `Channel.keepsIncidents`
  protected HttpChannel(String name, boolean keepsIncidents) {
    this.name = name;
    this.keepsIncidents = keepsIncidents;
  }

  /// Reads the channel's own keys. Problems go to the section; nothing is sent.
  ///
  /// @param http the keys that every such receiver has
  protected abstract Speech read(Section receiver, HttpOptions http);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final boolean keepsIncidents() {
    return keepsIncidents;
  }

  @Override
  public final NotifierSource configure(Section receiver) {
    HttpOptions http = HttpOptions.read(receiver);
    Speech speech = read(receiver, http);
    return (as, tools) -> new HttpNotifier(http, tools, speech.begin(as, tools));
  }
}
