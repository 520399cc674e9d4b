package dev.sigwarden.log.sigstore;

import dev.sigwarden.log.LogBlock;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.RootLog;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.log.rekor.RekorProtocol;
import dev.sigwarden.log.rekortiles.RekorTilesProtocol;
import dev.sigwarden.log.tiles.TileLocation;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The logs of signatures that a trusted root names, each once, whatever the number of its keys. A
/// log is listed from the first instant of its first key on, and stays after the last.
final class SigstoreFamily implements LogFamily {
  /// The longest name of a member, in characters.
  private static final int MAX_NAME = 64;

  /// Digits of a hash that stands for what a name leaves out.
  private static final int NAME_HASH = 8;

  private final LogTools tools;
  private final String root;
  private final Map<String, Amendment> amendments;
  private final boolean timestamps;

  /// @param root the trusted root's name
  /// @param amendments what the operator says, by base URL without a slash at the end
  /// @param timestamps whether signed times of Rekor v1 are read and verified
  SigstoreFamily(
      LogTools tools, String root, Map<String, Amendment> amendments, boolean timestamps) {
    this.tools = tools;
    this.root = root;
    this.amendments = new LinkedHashMap<>(amendments);
    this.timestamps = timestamps;
  }

  @Override
  public Keeper keeper() {
    return Keeper.PEOPLE;
  }

  @Override
  public Listing list() throws LogUnavailableException {
    Instant now = tools.clock().instant();
    Map<String, List<RootLog>> byUrl = new LinkedHashMap<>();
    for (RootLog log : tools.roots().of(root)) {
      if (!now.isBefore(log.from())) {
        byUrl.computeIfAbsent(Amendment.stripped(log.url()), _ -> new ArrayList<>()).add(log);
      }
    }
    List<Member> members = new ArrayList<>();
    List<String> troubles = new ArrayList<>();
    byUrl.forEach((url, logs) -> {
      try {
        members.add(member(url, logs));
      } catch (UnusableException e) {
        troubles.add("log \"%s\" of trusted root %s: %s".formatted(url, root, e.getMessage()));
      }
    });
    return new Listing(
        members, troubles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", troubles)));
  }

  /// A log that the root names in a way in which it cannot be followed.
  private static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  private Member member(String url, List<RootLog> logs) throws UnusableException {
    URI uri = uri(url);
    Amendment amendment = amendments.getOrDefault(url, Amendment.none(url));
    String plain = uri.getRawAuthority() + uri.getRawPath();
    String origin = amendment.origin().orElse(plain);
    List<VerifierKey> keys = keys(origin, logs);
    boolean tiles =
        switch (amendment.speaks()) {
          case BY_KEY ->
              keys.stream().anyMatch(key -> key.signatureType() == SignatureType.ED25519);
          case REKOR -> false;
          case REKOR_TILES -> true;
        };
    return new Member(
        name(plain),
        tiles ? RekorTilesProtocol.NAME : RekorProtocol.NAME,
        origin,
        keys,
        logs.stream().map(RootLog::until).max(Instant::compareTo).orElseThrow(),
        tiles ? shard(uri, amendment) : instance(uri, amendment));
  }

  private static URI uri(String url) throws UnusableException {
    try {
      URI uri = new URI(url);
      Optional<String> objection =
          uri.getRawQuery() == null && uri.getRawFragment() == null
              ? PoliteHttp.objection(uri)
              : Optional.of("a URL without query or fragment");
      if (objection.isPresent()) {
        throw new UnusableException("its URL (expected: %s)".formatted(objection.get()));
      }
      return uri;
    } catch (URISyntaxException _) {
      throw new UnusableException("its URL (expected: an http or https URL)");
    }
  }

  /// The keys as they sign checkpoints. One that is of no use is no trouble beside one that is.
  private static List<VerifierKey> keys(String origin, List<RootLog> logs)
      throws UnusableException {
    List<VerifierKey> keys = new ArrayList<>();
    String why = "its key (expected: Ed25519 or ECDSA)";
    for (RootLog log : logs) {
      try {
        if (log.key().isPresent()) {
          keys.add(VerifierKey.of(origin, log.key().get()));
        }
      } catch (MalformedNoteException e) {
        why = e.getMessage();
      }
    }
    if (keys.isEmpty()) {
      throw new UnusableException(why);
    }
    return keys;
  }

  private static LogBlock shard(URI url, Amendment amendment) {
    return RekorTilesProtocol.shard(
        new TileLocation.Server(URI.create(url + "/")), amendment.readUrl(), 0);
  }

  private LogBlock instance(URI url, Amendment amendment) throws UnusableException {
    URI base = url;
    if (amendment.readUrl().isPresent()) {
      if (!(amendment.readUrl().get() instanceof TileLocation.Server(URI server))) {
        throw new UnusableException("read-url of Rekor v1 (expected: an http or https URL)");
      }
      base = server;
    }
    return RekorProtocol.instance(base, timestamps);
  }

  /// What the log is called: its URL without scheme, as far as a name may say it.
  private static String name(String plain) {
    String name = plain.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    if (name.length() <= MAX_NAME) {
      return name;
    }
    String hash = Hash.ofData(plain.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toHex();
    return name.substring(0, MAX_NAME - NAME_HASH - 1) + "-" + hash.substring(0, NAME_HASH);
  }

  @Override
  public Optional<Member> unlisted(String name) {
    return Optional.empty();
  }

  @Override
  public String address() {
    return "trusted root " + root;
  }

  @Override
  public void close() {
    // The HTTP client is shared.
  }
}
