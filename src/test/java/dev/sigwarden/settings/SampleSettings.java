package dev.sigwarden.settings;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// A root reader that uses every kind of read. The value is what differs from the defaults.
final class SampleSettings {
  enum Colour {
    RED,
    DARK_BLUE
  }

  private SampleSettings() {}

  static Map<String, Object> read(Section s) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("contact", s.text("contact", "who to ask"));
    put(value, "title", s.text("title", "untitled", "shown above"), "untitled");
    s.optionalText("note", "free text").ifPresent(note -> value.put("note", note));
    put(value, "tags", s.optionalTexts("tags", "labels"), List.of());
    put(value, "headers", s.textMap("headers", "header lines"), Map.of());
    put(value, "port", s.number("port", 587, 1, 65_535, "TCP port"), 587L);
    put(value, "strict", s.flag("strict", true, "refuse doubt"), true);
    Duration poll = Duration.ofSeconds(10);
    Duration max = Duration.ofDays(1);
    put(value, "poll", s.duration("poll", poll, Duration.ofSeconds(1), max, "pause"), poll);
    put(value, "colour", s.choice("colour", Colour.class, Colour.RED, "hue"), Colour.RED);
    put(value, "colours", s.choices("colours", Colour.class, "hues"), List.of());
    s.optionalPath("folder", "where").ifPresent(path -> value.put("folder", path.getFileName()));
    s.optionalFile("words", "a word list").ifPresent(text -> value.put("words", text));
    s.secret("password", "password").ifPresent(secret -> value.put("password", secret));
    s.section("http", "listener", SampleSettings::http).ifPresent(v -> value.put("http", v));
    put(value, "logs", s.sections("logs", "logs by name", SampleSettings::log), Map.of());
    s.section("route", "routes", SampleSettings::route).ifPresent(v -> value.put("route", v));
    return value;
  }

  private static void put(Map<String, Object> value, String key, Object read, Object usual) {
    if (!read.equals(usual)) {
      value.put(key, read);
    }
  }

  private static Map<String, Object> http(Section s) {
    List<String> schemes = List.of("https", "http");
    return Map.of("url", s.url("url", schemes, "where to listen"));
  }

  private static Map<String, Object> log(Section s) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("name", s.name());
    Map<String, Function<Section, String>> protocols =
        Map.of(
            "tiles", tiles -> "tiles at " + tiles.url("url", List.of("https", "file"), "base URL"),
            "api", api -> "api with " + api.texts("keys", "verifier keys"));
    s.variant("protocol", "protocol of the log", protocols).ifPresent(p -> value.put("is", p));
    put(value, "start", s.text("start", "head", "first entry"), "head");
    return value;
  }

  private static Map<String, Object> route(Section s) {
    Map<String, Object> value = new TreeMap<>();
    value.put("receiver", s.text("receiver", "who gets it"));
    put(value, "routes", s.list("routes", "narrower routes", SampleSettings::route), List.of());
    if (value.get("receiver").equals("nobody")) {
      s.problem("receiver", "\"nobody\"", "somebody");
    }
    return value;
  }
}
