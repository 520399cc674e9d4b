package dev.sigwarden.note;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/// Reads one tlog-policy file. c2sp.org/tlog-policy.
final class PolicyParser {
  /// The longest file read, in characters: room for 256 post-quantum witness keys.
  static final int MAX_CHARS = 1_000_000;

  /// The most logs, and the most witnesses and groups together; the document asks for at least 32
  /// of each.
  static final int MAX_ITEMS = 1_024;

  private static final String NONE = "none";

  private final List<WitnessPolicy.Log> logs = new ArrayList<>();
  private final List<WitnessPolicy.Member> members = new ArrayList<>();

  /// Witnesses and groups share one namespace: name to position in `members`.
  private final Map<String, Integer> positions = new HashMap<>();

  private final Set<ByteBuffer> logKeys = new HashSet<>();
  private final Set<ByteBuffer> witnessKeys = new HashSet<>();
  private final Set<String> grouped = new HashSet<>();
  private boolean quorumSeen;
  private int quorum = WitnessPolicy.NO_QUORUM;

  WitnessPolicy parse(String file) throws MalformedNoteException {
    if (file.length() > MAX_CHARS) {
      throw new MalformedNoteException(
          "policy: %d characters (expected: at most %d)".formatted(file.length(), MAX_CHARS));
    }
    requireAllowedCharacters(file);
    int number = 0;
    for (String line : file.split("\n", -1)) {
      number++;
      List<String> words = words(line);
      if (words.isEmpty() || words.getFirst().startsWith("#")) {
        continue;
      }
      try {
        read(words);
      } catch (MalformedNoteException e) {
        throw new MalformedNoteException("policy line " + number + ": " + e.getMessage(), e);
      }
    }
    if (!quorumSeen) {
      throw new MalformedNoteException("policy without a quorum line");
    }
    return new WitnessPolicy(logs, members, quorum);
  }

  /// Tab, newline, and no other control character.
  private static void requireAllowedCharacters(String file) throws MalformedNoteException {
    for (int i = 0; i < file.length(); i++) {
      char c = file.charAt(i);
      if ((c < ' ' && c != '\t' && c != '\n') || c == 0x7f) {
        throw new MalformedNoteException("control character 0x%02x in a policy".formatted((int) c));
      }
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(line, " \t");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  private void read(List<String> words) throws MalformedNoteException {
    int arguments = words.size() - 1;
    switch (words.getFirst()) {
      case "log" -> {
        require(arguments == 1 || arguments == 2, "log (expected: vkey, optional url)");
        log(VerifierKey.parse(words.get(1)), arguments == 2 ? words.get(2) : "");
      }
      case "witness" -> {
        require(arguments == 2 || arguments == 3, "witness (expected: name, vkey, optional url)");
        String url = arguments == 3 ? words.get(3) : "";
        define(words.get(1), witness(words.get(1), VerifierKey.parse(words.get(2)), url));
      }
      case "group" -> {
        require(arguments >= 3, "group (expected: name, all or any or a number, members)");
        define(words.get(1), group(words.get(2), words.subList(3, words.size())));
      }
      case "quorum" -> {
        require(arguments == 1, "quorum (expected: one name)");
        quorum(words.get(1));
      }
      default ->
          throw new MalformedNoteException(
              "keyword: "
                  + Strict.excerpt(words.getFirst())
                  + " (expected: log, witness, group or quorum)");
    }
  }

  private void log(VerifierKey key, String url) throws MalformedNoteException {
    require(logs.size() < MAX_ITEMS, "more than " + MAX_ITEMS + " logs");
    require(logKeys.add(ByteBuffer.wrap(key.toBytes())), "duplicate log key");
    logs.add(new WitnessPolicy.Log(key, url));
  }

  /// The witness of this name, whose key no other witness has.
  WitnessPolicy.Witness witness(String name, VerifierKey key, String url)
      throws MalformedNoteException {
    VerifierKey witnessKey = key.asWitness();
    require(witnessKeys.add(ByteBuffer.wrap(witnessKey.toBytes())), "duplicate witness key");
    return new WitnessPolicy.Witness(name, witnessKey, url);
  }

  private WitnessPolicy.Group group(String rule, List<String> names) throws MalformedNoteException {
    List<Integer> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(position(name));
      require(grouped.add(name), Strict.excerpt(name) + " is already a member of a group");
    }
    long threshold =
        switch (rule) {
          case "all" -> names.size();
          case "any" -> 1;
          default -> Strict.decimal(rule);
        };
    if (threshold < 1 || threshold > names.size()) {
      throw new MalformedNoteException(
          "group threshold: %d (expected: 1 to %d)".formatted(threshold, names.size()));
    }
    return new WitnessPolicy.Group((int) threshold, parts);
  }

  private void define(String name, WitnessPolicy.Member member) throws MalformedNoteException {
    require(members.size() < MAX_ITEMS, "more than " + MAX_ITEMS + " witnesses and groups");
    boolean taken = name.equals(NONE) || positions.putIfAbsent(name, members.size()) != null;
    require(!taken, "duplicate name: " + Strict.excerpt(name));
    members.add(member);
  }

  private void quorum(String name) throws MalformedNoteException {
    require(!quorumSeen, "second quorum line");
    quorumSeen = true;
    quorum = name.equals(NONE) ? WitnessPolicy.NO_QUORUM : position(name);
  }

  private int position(String name) throws MalformedNoteException {
    Integer position = positions.get(name);
    if (position == null) {
      throw new MalformedNoteException("undefined name: " + Strict.excerpt(name));
    }
    return position;
  }

  private static void require(boolean condition, String problem) throws MalformedNoteException {
    if (!condition) {
      throw new MalformedNoteException(problem);
    }
  }
}
