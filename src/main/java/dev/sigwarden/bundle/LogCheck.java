package dev.sigwarden.bundle;

import dev.sigwarden.bundle.LoggedEntry.Inclusion;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.trust.LogKey;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.verify.HeadCheck;
import dev.sigwarden.verify.HeadVerdict;
import dev.sigwarden.verify.TrustedLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Whether the logs of a trusted root hold what bundles say of them. A promise (SET) and a proof
/// are each checked where they are there; one that does not hold is not made good by the other.
final class LogCheck {
  /// A bundle of a later version than this has to prove inclusion.
  private static final int PROMISE_IS_ENOUGH = 1;

  /// What stands before an Ed25519 key in its SubjectPublicKeyInfo. RFC 8410 section 4.
  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  private final TrustedRoot root;

  LogCheck(TrustedRoot root) {
    this.root = root;
  }

  /// What to think of an entry.
  ///
  /// @param version the bundle's
  LogVerdict check(LoggedEntry entry, int version) {
    Optional<LogKey> found =
        root.tlogs().stream()
            .filter(log -> HexFormat.of().formatHex(log.toId()).equals(entry.logId()))
            .findFirst();
    if (found.isEmpty()) {
      return refused("log %s (expected: one of the trusted root's)".formatted(entry.logId()));
    }
    LogKey log = found.get();
    Optional<Instant> integrated = Optional.empty();
    if (!entry.promise().isEmpty()) {
      Instant time = Instant.ofEpochSecond(entry.integrated());
      if (!log.signed(promised(entry), Base64.getDecoder().decode(entry.promise()))) {
        return refused("signed entry timestamp: not the log's over this entry, index and time");
      }
      if (!log.validity().contains(time)) {
        return refused(
            "signed entry timestamp: of %s, when the log's key was not in use".formatted(time));
      }
      integrated = Optional.of(time);
    }
    if (entry.inclusion().isPresent()) {
      return proven(log, entry, entry.inclusion().get(), integrated);
    }
    if (integrated.isPresent() && version <= PROMISE_IS_ENOUGH) {
      return new LogVerdict.Promised(log.baseUrl(), entry.index(), integrated.get());
    }
    return integrated.isPresent()
        ? refused("inclusion proof: missing (expected: one, since bundle version 0.2)")
        : refused("inclusion proof: missing, and no signed entry timestamp (expected: a proof)");
  }

  /// What a SET signs: these four members in RFC 8785 form. Rekor v1, `types/entry.go`.
  private static byte[] promised(LoggedEntry entry) {
    return "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
        .formatted(
            Base64.getEncoder().encodeToString(entry.body().toBytes()),
            entry.integrated(),
            entry.logId(),
            entry.index())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static LogVerdict proven(
      LogKey log, LoggedEntry entry, Inclusion inclusion, Optional<Instant> integrated) {
    String note = inclusion.checkpoint();
    Checkpoint checkpoint;
    try {
      byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
      // Nothing in it is held against a clock: no witness is asked for.
      switch (HeadCheck.check(trusted(log, note), bytes, Instant.EPOCH)) {
        case HeadVerdict.Believed believed -> checkpoint = believed.checkpoint();
        case HeadVerdict.Unreadable(String why) -> {
          return refused("checkpoint: " + why);
        }
        case HeadVerdict.Untrusted(String why, _) -> {
          return refused("checkpoint: " + why);
        }
        case HeadVerdict.Unwitnessed(String why, _) -> {
          return refused("checkpoint: " + why);
        }
      }
    } catch (MalformedNoteException e) {
      return refused("checkpoint: " + e.getMessage());
    }
    TreeHead head = checkpoint.head();
    if (inclusion.head().size() != head.size()) {
      return refused(
          "inclusion proof: of a tree of %d entries (expected: the checkpoint's %d)"
              .formatted(inclusion.head().size(), head.size()));
    }
    if (!inclusion.head().root().equals(head.root())) {
      return refused(
          "inclusion proof: of root %s (expected: the checkpoint's %s)"
              .formatted(inclusion.head().root(), head.root()));
    }
    Hash leaf = Hash.ofLeaf(entry.body().toBytes());
    if (!inclusion.path().holds(inclusion.index(), leaf, head)) {
      return refused(
          "inclusion proof: does not lead from the entry at index %d to the checkpoint's root"
              .formatted(inclusion.index()));
    }
    return new LogVerdict.Proven(
        log.baseUrl(), checkpoint.origin(), inclusion.index(), head.size(), integrated);
  }

  /// The log as checkpoints name it. A key of Rekor v2 counts under its log's name only, which is
  /// part of its id. One of Rekor v1 counts for each of the log's shards (`name - tree`), and under
  /// whatever name the server has: neither is part of its id, nor always of the trusted root.
  static TrustedLog trusted(LogKey log, String note) throws MalformedNoteException {
    byte[] spki = log.toSpki();
    String origin = name(log.baseUrl());
    VerifierKey key;
    if (spki.length > ED25519_SPKI.length
        && Arrays.equals(spki, 0, ED25519_SPKI.length, ED25519_SPKI, 0, ED25519_SPKI.length)) {
      byte[] raw = Arrays.copyOfRange(spki, ED25519_SPKI.length, spki.length);
      key = VerifierKey.of(origin, SignatureType.ED25519, raw);
    } else {
      origin = note.lines().findFirst().orElse("");
      key = VerifierKey.of(origin.split(" - ", 2)[0], SignatureType.ECDSA, spki);
    }
    return new TrustedLog(log.baseUrl(), origin, List.of(key), WitnessPolicy.none());
  }

  /// A log's address without its scheme.
  private static String name(String baseUrl) {
    return baseUrl.replaceFirst("^https?://", "");
  }

  private static LogVerdict refused(String why) {
    return new LogVerdict.Refused(why);
  }
}
