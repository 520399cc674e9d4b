package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.pointer;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.subject;
import static dev.sigwarden.watch.Samples.text;
import static dev.sigwarden.watch.Samples.watch;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any entry is asked for text, JSON values and literals without harm.
class RawEntryFuzz {
  private static final Watches WATCHES =
      Samples.watches(
          watch("pointer", selector(pointer("/a/0/b", "acme"))),
          watch("text", selector(text("*acme*re*"))),
          watch("literal", selector(subject("release@acme.example"))));

  @FuzzTest
  void ask(byte[] bytes) {
    WATCHES.select(
        new dev.sigwarden.entry.SigningEvent(
            "raw", "", java.util.List.of(), java.util.List.of(), Samples.entry(bytes)));
    WATCHES.literalsIn(Samples.entry(bytes));
  }
}
