package dev.sigwarden.notify;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds secrets in what anybody may read: whole or in part, as they are, percent-encoded, or in
/// Base64 wherever they stand in what was encoded.
public final class Leaks {
  /// Characters in a row that give a secret away.
  private static final int PART = 10;

  private final Set<String> parts = new LinkedHashSet<>();

  /// @param secrets of `PART` characters at least
  public Leaks(Set<String> secrets) {
    for (String secret : secrets) {
      for (String form : forms(secret)) {
        for (int at = 0; at + PART <= form.length(); at++) {
          parts.add(form.substring(at, at + PART));
        }
      }
    }
  }

  private static List<String> forms(String secret) {
    List<String> forms = new ArrayList<>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      // What the neighbours of the secret have no part in.
      int first = before == 0 ? 0 : before + 1;
      int last = shifted.length * 8 / 6;
      forms.add(Base64.getEncoder().encodeToString(shifted).substring(first, last));
      forms.add(Base64.getUrlEncoder().encodeToString(shifted).substring(first, last));
    }
    return forms;
  }

  /// The parts of secrets that the text holds; empty if it gives none away.
  public List<String> in(String text) {
    return parts.stream().filter(text::contains).toList();
  }
}
