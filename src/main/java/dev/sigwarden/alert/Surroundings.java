package dev.sigwarden.alert;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.trust.CertificateTrust;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What else was seen of the watch and of the signer of an entry.
///
/// @param watchLastDay entries that the watch selected in the last 24 h, over all logs, this one
///   included; -1 if not known
/// @param signerLastDay entries by the same identity in that time, whichever watch selected them;
///   of more than `MANY` not how many; -1 if not known
/// @param signerFirst when an entry by this identity was selected first; empty if this is the first
///   or it is not known
/// @param since from where on the watch has looked for it, in words; empty if not known
/// @param sameArtifact other entries that name the same artifact, each as log and index; some of
///   them if there are many
/// @param allowlists the lists that the watch goes by
public record Surroundings(
    long watchLastDay,
    long signerLastDay,
    Optional<Instant> signerFirst,
    String since,
    List<String> sameArtifact,
    List<ListState> allowlists) {
  /// Entries by one identity that are told apart; more are many.
  public static final int MANY = 100;

  /// An allowlist as it was when the entry was judged.
  ///
  /// @param name the operator's name
  /// @param version what tells its content from that of other times, in words
  /// @param handedIn whether it takes lines through the API
  public record ListState(String name, String version, boolean handedIn) {}

  public Surroundings {
    sameArtifact = List.copyOf(sameArtifact);
    allowlists = List.copyOf(allowlists);
  }

  /// What is known of the watch and the signer alone.
  public Surroundings(
      long watchLastDay, long signerLastDay, Optional<Instant> signerFirst, String since) {
    this(watchLastDay, signerLastDay, signerFirst, since, List.of(), List.of());
  }

  /// The same, with the other entries on the artifact, and the lists that the watch goes by.
  public Surroundings with(List<String> others, List<ListState> lists) {
    return new Surroundings(watchLastDay, signerLastDay, signerFirst, since, others, lists);
  }

  /// What is known of the watch alone.
  public static Surroundings ofWatch(long lastDay) {
    return new Surroundings(lastDay, -1, Optional.empty(), "");
  }

  /// From where on a watch has looked for what it selects now: before that nothing can be said.
  ///
  /// @param log the operator's name
  /// @param from the index of the first entry that it looked at
  /// @param at when it did
  public static String since(String log, long from, Instant at) {
    return "looked for since entry %d of %s (%s)".formatted(from, log, Alerts.millis(at));
  }

  /// What tells one identity from another, over all logs: of a certificate its names and who
  /// vouched for them, whichever key it is for; of anything else its key. Whoever only claims to be
  /// somebody is another than who is.
  public static Hash identity(Signer signer, CertificateTrust trust) {
    List<String> parts = new ArrayList<>();
    parts.add(trust instanceof CertificateTrust.UnverifiedClaim ? "claim" : "identity");
    switch (signer) {
      case CertificateSigner certificate -> {
        parts.add(certificate.issuer());
        certificate.allNames().stream()
            .map(name -> name.kind() + ":" + name.value())
            .sorted()
            .distinct()
            .forEach(parts::add);
        if (certificate.allNames().isEmpty()) {
          parts.add(certificate.subjectDn());
        }
      }
      case StatementSigner statement -> parts.add("issuer " + statement.issuer());
      case Signer other -> parts.add("key " + other.keySha256().toHex());
    }
    // A line break inside a name must not look like the border between two.
    List<String> lines = parts.stream().map(part -> part.replace("\n", "\\n")).toList();
    return Hash.ofData(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  /// Adds it to the fields of an alert.
  void addTo(Fields scope) {
    if (watchLastDay >= 0) {
      scope.add("same-watch-24h", watchLastDay + " entries selected");
    }
    if (signerLastDay >= 0) {
      String entries = signerLastDay > MANY ? "more than " + MANY : Long.toString(signerLastDay);
      scope.add("same-identity-24h", entries + " entries selected");
      scope.add(
          "identity-first-seen",
          signerFirst
              .map(first -> Alerts.millis(first).toString())
              .orElse("not selected before" + (since.isEmpty() ? "" : ", " + since)));
    }
    for (String other : sameArtifact) {
      scope.add("same-artifact", other);
    }
    for (ListState list : allowlists) {
      scope.add("allowlist", list.name() + ": " + list.version());
    }
  }
}
