package dev.sigwarden.bundle;

import dev.sigwarden.bundle.SigstoreBundle.Content;
import dev.sigwarden.bundle.SigstoreBundle.Material;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.trust.SignerKey;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Whether a bundle's parts speak of the same thing: that the signer signed the content, that the
/// logged entries are of that very signature, and that the content is the artifact asked for.
final class ContentCheck {
  /// Subjects of one in-toto statement: an image of many parts has hundreds.
  private static final int MAX_SUBJECTS = 10_000;

  private static final String STATEMENT = "application/vnd.in-toto+json";

  private final EntryDecoder decoder = Decoders.found().forFormat("rekor");

  /// What does not hold, each in a sentence; may hold text from the bundle.
  ///
  /// @param artifact the digests of the artifact asked for, by any algorithms; empty if none is
  List<String> check(SigstoreBundle bundle, Set<Digest> artifact) {
    List<String> problems = new ArrayList<>();
    List<SigningEvent> events = new ArrayList<>();
    for (LoggedEntry entry : bundle.entries()) {
      switch (decoder.decode(entry.body())) {
        case Decoded.Event(SigningEvent event) -> events.add(event);
        case Decoded.Undecodable(String reason) -> problems.add("entry: " + reason);
      }
    }
    switch (bundle.content()) {
      case Content.Message message -> message(problems, bundle, message, events, artifact);
      case Content.Envelope envelope -> envelope(problems, bundle, envelope, events, artifact);
    }
    return problems;
  }

  private static void message(
      List<String> problems,
      SigstoreBundle bundle,
      Content.Message message,
      List<SigningEvent> events,
      Set<Digest> artifact) {
    Optional<Digest> digest =
        message
            .digest()
            .or(() ->
                events.stream()
                    .flatMap(event -> event.artifacts().stream())
                    .filter(one -> one.role() == Role.ARTIFACT)
                    .map(ArtifactDigest::digest)
                    .findFirst());
    if (digest.isEmpty()) {
      problems.add("artifact: neither the bundle nor an entry has its digest");
      return;
    }
    for (SigningEvent event : events) {
      if (!event.artifacts().contains(new ArtifactDigest(digest.get(), Role.ARTIFACT))) {
        problems.add("entry: of another artifact than the bundle's " + digest.get());
      }
      entry(problems, bundle.signer(), message.signature(), event);
    }
    if (!artifact.isEmpty() && !artifact.contains(digest.get())) {
      problems.add("artifact: another one than the bundle's " + digest.get());
    }
    byte[] signature = Base64.getDecoder().decode(message.signature());
    signature(problems, bundle.signer(), key -> key.signed(digest.get(), signature));
  }

  private static void envelope(
      List<String> problems,
      SigstoreBundle bundle,
      Content.Envelope envelope,
      List<SigningEvent> events,
      Set<Digest> artifact) {
    if (envelope.signatures().size() != 1) {
      problems.add("envelope: %d signatures (expected: 1)".formatted(envelope.signatures().size()));
    }
    byte[] payload = Base64.getDecoder().decode(envelope.payload());
    byte[] pae = preAuthenticationEncoding(envelope.type(), payload);
    for (SigningEvent event : events) {
      // Rekor v2 logs an envelope as an artifact, whose bytes are what was signed.
      if (event.artifacts().stream()
          .noneMatch(one ->
              switch (one.role()) {
                case PAYLOAD -> is(one.digest(), payload);
                case ARTIFACT -> is(one.digest(), pae);
                case ENVELOPE, ENTRY -> false;
              })) {
        problems.add("entry: of another payload than the envelope's");
      }
      entry(problems, bundle.signer(), envelope.signatures().getFirst(), event);
    }
    if (!artifact.isEmpty()) {
      statement(problems, envelope.type(), payload, artifact);
    }
    byte[] signature = Base64.getDecoder().decode(envelope.signatures().getFirst());
    signature(problems, bundle.signer(), key -> key.signed(pae, signature));
  }

  /// What DSSE signs. github.com/secure-systems-lab/dsse, protocol.md.
  private static byte[] preAuthenticationEncoding(String type, byte[] payload) {
    byte[] utf8 = type.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + utf8.length + 40);
    out.writeBytes("DSSEv1 %d ".formatted(utf8.length).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(utf8);
    out.writeBytes(" %d ".formatted(payload.length).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /// Whether an entry is of this signer and signature.
  private static void entry(
      List<String> problems, Material signer, String signature, SigningEvent event) {
    if (signer instanceof Material.Certified(CertificateSigner certificate)
        && event.signers().stream()
            .noneMatch(other ->
                other instanceof CertificateSigner one
                    && one.certificateSha256().equals(certificate.certificateSha256()))) {
      problems.add("entry: of another certificate than the bundle's");
    }
    // Canonical JSON (RFC 8785) escapes no character of base64, and intoto entries have it twice.
    String text = new String(event.entry().toBytes(), StandardCharsets.UTF_8);
    String twice =
        Base64.getEncoder().encodeToString(signature.getBytes(StandardCharsets.US_ASCII));
    boolean keepsNone = event.kind().equals("intoto") && event.version().equals("0.0.1");
    if (!keepsNone && !text.contains('"' + signature + '"') && !text.contains('"' + twice + '"')) {
      problems.add("entry: of another signature than the bundle's");
    }
  }

  private static void signature(
      List<String> problems, Material signer, Predicate<SignerKey> holds) {
    if (signer instanceof Material.Certified(CertificateSigner certificate)) {
      Optional<SignerKey> key = SignerKey.of(certificate);
      if (key.isEmpty()) {
        problems.add("signature: by a kind of key that cannot be checked");
      } else if (!holds.test(key.get())) {
        problems.add("signature: not the certificate's key's over this content");
      }
    }
  }

  /// Whether a signed in-toto statement is about the artifact.
  private static void statement(
      List<String> problems, String type, byte[] payload, Set<Digest> artifact) {
    if (!type.equals(STATEMENT)) {
      problems.add("artifact: the envelope holds %s (expected: %s)".formatted(type, STATEMENT));
      return;
    }
    try {
      JsonObject statement = JsonObject.parse("statement", payload, SigstoreBundle.MAX_BYTES);
      for (JsonObject subject : statement.objects("subject", MAX_SUBJECTS)) {
        JsonObject digests = subject.object("digest");
        for (Digest digest : artifact) {
          if (digests.text(digest.algorithm().label(), "").equals(digest.toHex())) {
            return;
          }
        }
      }
      problems.add("artifact: none of the statement's subjects");
    } catch (RefusedException e) {
      problems.add("artifact: " + e.getMessage());
    }
  }

  private static boolean is(Digest digest, byte[] bytes) {
    String name =
        switch (digest.algorithm()) {
          case SHA256 -> "SHA-256";
          case SHA384 -> "SHA-384";
          case SHA512 -> "SHA-512";
        };
    try {
      return Digest.of(digest.algorithm(), MessageDigest.getInstance(name).digest(bytes))
          .equals(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(name + ": missing (every JDK has it)", e);
    }
  }
}
