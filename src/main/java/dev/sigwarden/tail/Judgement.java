package dev.sigwarden.tail;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Lookalike;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What judging one entry gave that is worth writing down once the entry is proven; entries that no
/// watch selects give none. Its bytes are a view into what was received with the entry: who keeps
/// them beyond the chunk copies them.
public sealed interface Judgement {
  /// The entry's index.
  long index();

  /// The entry's leaf hash.
  Hash leaf();

  /// The entry's bytes.
  EntryBytes entry();

  /// When the log says, signed, that it took the entry; empty if it keeps no time.
  Optional<Instant> loggedAt();

  /// A watch selected the entry.
  ///
  /// @param event the decoded entry
  /// @param hit which watch, by which selector
  /// @param trust what the certificate is worth that the watch selected
  /// @param verdict what the watch says
  record Signature(
      long index,
      Hash leaf,
      EntryBytes entry,
      Optional<Instant> loggedAt,
      SigningEvent event,
      Hit hit,
      CertificateTrust trust,
      Verdict verdict)
      implements Judgement {
    /// Digests that an entry can be found by: releases have some dozens, and an attacker's entry
    /// with thousands of them must not fill the disk.
    static final int MAX_ARTIFACTS = 200;

    /// What entries share that are about one certificate, in whichever log: the SHA-256 of what its
    /// authority signed; empty for an entry that is about none.
    Optional<Hash> certificate() {
      return hit.signer()
          .filter(IssuedCertificate.class::isInstance)
          .map(IssuedCertificate.class::cast)
          .map(certificate -> Hash.of(certificate.tbsSha256().toBytes()));
    }

    /// The first digests that the entry names, each once, as `sha256:HEX`.
    List<String> artifacts() {
      return event.artifacts().stream()
          .limit(MAX_ARTIFACTS)
          .map(artifact -> artifact.digest().toString())
          .distinct()
          .toList();
    }
  }

  /// A signer of the entry resembles one whom a watch names.
  ///
  /// @param event the decoded entry
  /// @param lookalike who resembles whom
  /// @param trust what that signer's certificate is worth
  record Resembling(
      long index,
      Hash leaf,
      EntryBytes entry,
      Optional<Instant> loggedAt,
      SigningEvent event,
      Lookalike lookalike,
      CertificateTrust trust)
      implements Judgement {}

  /// The entry could not be decoded.
  ///
  /// @param reason what was found and what was expected; may hold text from the entry
  /// @param mentioned watches of which a literal occurs in the bytes
  record Undecodable(
      long index,
      Hash leaf,
      EntryBytes entry,
      Optional<Instant> loggedAt,
      String reason,
      List<Watch> mentioned)
      implements Judgement {
    public Undecodable {
      mentioned = List.copyOf(mentioned);
    }
  }
}
