package dev.sigwarden.entry.json;

import dev.sigwarden.entry.EntryBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A forward-only reader of one JSON object (RFC 8259) in a range of bytes, without a tree: ask for
/// names with `nextName` and take or skip each value. A repeated key, at any depth, is malformed,
/// since two readers may differ in which value they take. Every method throws
/// `MalformedJsonException` for bytes that are not what it asks for.
///
/// Own code, since what a general parser does beside this (its own symbols, contexts, buffers and a
/// second pass over a certificate's base64) cost more than all the rest of decoding.
/// `JsonCursorFuzz` compares it with Jackson.
public final class JsonCursor implements AutoCloseable {
  /// The deepest nesting in levels. Rekor entries have at most 8; the rest is room for fields that
  /// are skipped.
  static final int MAX_DEPTH = 64;

  /// Names of one object that are compared one by one; more are looked up in a set, so that an
  /// object of nothing but names costs no more than its bytes.
  private static final int FEW_NAMES = 8;

  /// Levels and names that room is made for at first: an entry has 7 and 11 at a time.
  private static final int USUAL_DEPTH = 8;

  private static final int USUAL_NAMES = 12;

  private final byte[] buffer;
  private final JsonText text;

  // The objects and arrays that were entered and not left yet, side by side: nearly every entry is
  // read only to find that no watch asks for it.

  private int depth;

  /// Which levels are arrays, and which have had no member or element yet; a bit for each.
  private long arrays;

  private long fresh;

  /// Of each level, where its names begin in `names`, and of an array the index of the element that
  /// the cursor is at.
  private int[] firstNames = new int[USUAL_DEPTH];

  private int[] items = new int[USUAL_DEPTH];

  /// The names met so far of all open objects, level by level.
  private String[] names = new String[USUAL_NAMES];

  private int nameCount;

  /// The names of open objects that have more than a few.
  private @Nullable Set<Name> many;

  private record Name(int level, String text) {}

  private JsonCursor(byte[] buffer, int from, int to) {
    this.buffer = buffer;
    this.text = new JsonText(buffer, from, to);
  }

  /// A cursor inside the object that the `length` bytes at `offset` of `buffer` start with, before
  /// its first name. The bytes are UTF-8 and are not copied.
  public static JsonCursor open(byte[] buffer, int offset, int length)
      throws MalformedJsonException {
    // A second byte 0 is UTF-16 or UTF-32, and better said so.
    if (length < 2 || buffer[offset] != '{' || buffer[offset + 1] == 0) {
      throw new MalformedJsonException(
          "not a JSON object: %d bytes that do not start with { in UTF-8".formatted(length));
    }
    JsonCursor cursor = new JsonCursor(buffer, offset, offset + length);
    cursor.enterObject();
    return cursor;
  }

  /// The name of the object's next member, null at the object's end. The member's value is to be
  /// taken or skipped before the next call.
  public @Nullable String nextName() throws MalformedJsonException {
    if (!more('}')) {
      return null;
    }
    if (text.next() != '"') {
      throw unexpected("a name");
    }
    String name = text.string();
    if (!add(name)) {
      throw new MalformedJsonException("not strict JSON: Duplicate name, at " + path());
    }
    if (text.next() != ':') {
      throw unexpected(": after the name");
    }
    text.pass();
    return name;
  }

  /// Notes a name of the innermost object; false if the object has it already.
  private boolean add(String name) {
    int first = firstNames[depth - 1];
    int known = nameCount - first;
    if (known < FEW_NAMES) {
      for (int i = first; i < nameCount; i++) {
        if (names[i].equals(name)) {
          return false;
        }
      }
    } else if (!addToMany(first, known, name)) {
      return false;
    }
    if (nameCount == names.length) {
      names = Arrays.copyOf(names, 2 * nameCount);
    }
    names[nameCount++] = name;
    return true;
  }

  private boolean addToMany(int first, int known, String name) {
    if (many == null) {
      many = new HashSet<>();
    }
    if (known == FEW_NAMES) {
      for (int i = first; i < nameCount; i++) {
        many.add(new Name(depth, names[i]));
      }
    }
    return many.add(new Name(depth, name));
  }

  /// Leaves the innermost level and forgets its names.
  private void leave() {
    int first = firstNames[depth - 1];
    if (many != null && nameCount - first > FEW_NAMES) {
      for (int i = first; i < nameCount; i++) {
        many.remove(new Name(depth, names[i]));
      }
    }
    nameCount = first;
    depth--;
  }

  /// Goes into the object that is the next value.
  public void enterObject() throws MalformedJsonException {
    enter('{', "an object");
  }

  /// Goes into the array that is the next value.
  public void enterArray() throws MalformedJsonException {
    enter('[', "an array");
  }

  private void enter(char opening, String inWords) throws MalformedJsonException {
    if (text.next() != opening) {
      throw unexpected(inWords);
    }
    if (depth == MAX_DEPTH) {
      throw new MalformedJsonException(
          "not strict JSON: nested more than %d levels deep".formatted(MAX_DEPTH));
    }
    text.pass();
    if (depth == items.length) {
      items = Arrays.copyOf(items, MAX_DEPTH);
      firstNames = Arrays.copyOf(firstNames, MAX_DEPTH);
    }
    long bit = 1L << depth;
    fresh |= bit;
    arrays = opening == '[' ? arrays | bit : arrays & ~bit;
    items[depth] = -1;
    firstNames[depth] = nameCount;
    depth++;
  }

  private boolean inArray() {
    return (arrays >>> (depth - 1) & 1) != 0;
  }

  /// Whether the array has another element, which is then the next value; false leaves the array.
  public boolean nextElement() throws MalformedJsonException {
    if (!more(']')) {
      return false;
    }
    items[depth - 1]++;
    return true;
  }

  /// Whether a member or element follows, past the comma before it; if not, leaves the level.
  private boolean more(char closing) throws MalformedJsonException {
    int next = text.next();
    if (next == closing) {
      text.pass();
      leave();
      return false;
    }
    long bit = 1L << (depth - 1);
    if ((fresh & bit) != 0) {
      fresh ^= bit;
      return true;
    }
    if (next != ',') {
      throw unexpected(", or " + closing);
    }
    text.pass();
    return true;
  }

  /// The next value, a string.
  public String text() throws MalformedJsonException {
    if (text.next() != '"') {
      throw unexpected("a string");
    }
    return text.string();
  }

  /// The next value, a string, decoded from standard base64. RFC 4648 section 4.
  public byte[] base64() throws MalformedJsonException {
    if (text.next() != '"') {
      throw unexpected("a base64 string");
    }
    try {
      ByteBuffer plain = text.upToQuote();
      if (plain != null) {
        byte[] bytes = exact(Base64.getDecoder().decode(plain));
        text.pass(plain);
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // Escaped, or not base64: read as any string, which tells.
    }
    try {
      return Base64.getDecoder().decode(text.string());
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("not base64: " + e.getMessage());
    }
  }

  private static byte[] exact(ByteBuffer bytes) {
    return bytes.arrayOffset() == 0 && bytes.limit() == bytes.array().length
        ? bytes.array()
        : Arrays.copyOfRange(bytes.array(), bytes.arrayOffset(), bytes.limit());
  }

  /// Whether the next value is a string; it is still to be taken or skipped.
  public boolean isText() throws MalformedJsonException {
    if (text.next() == JsonText.END) {
      throw unexpected("a value");
    }
    return text.next() == '"';
  }

  /// The next value, a number, in the digits that stand there.
  public String number() throws MalformedJsonException {
    int first = text.next();
    if (first != '-' && (first < '0' || first > '9')) {
      throw unexpected("a number");
    }
    int from = text.position();
    text.skipScalar();
    return new String(buffer, from, text.position() - from, StandardCharsets.US_ASCII);
  }

  /// The next value, an object, as the bytes that it stands in, unread but checked.
  public EntryBytes object() throws MalformedJsonException {
    if (text.next() != '{') {
      throw unexpected("an object");
    }
    int from = text.position();
    skip();
    return new EntryBytes(buffer, from, text.position() - from);
  }

  /// Passes over the next value, whatever it is; what it holds is checked all the same.
  public void skip() throws MalformedJsonException {
    int outside = depth;
    value();
    while (depth > outside) {
      if (inArray() ? nextElement() : nextName() != null) {
        value();
      }
    }
  }

  /// Passes over a scalar, or goes into an object or array.
  private void value() throws MalformedJsonException {
    switch (text.next()) {
      case '{' -> enterObject();
      case '[' -> enterArray();
      case '"' -> text.skipString();
      default -> text.skipScalar();
    }
  }

  /// Checks that nothing but white space follows the object.
  public void end() throws MalformedJsonException {
    if (depth > 0 || text.next() != JsonText.END) {
      throw new MalformedJsonException(
          "not strict JSON: %s (expected: nothing after the object)".formatted(text.found()));
    }
  }

  /// Does nothing: what is read is the caller's.
  @Override
  public void close() {}

  private MalformedJsonException unexpected(String expected) {
    return new MalformedJsonException(
        "at %s: %s (expected: %s)".formatted(path(), text.found(), expected));
  }

  /// Where the cursor is, as a JSON pointer; names are the entry's text.
  private String path() {
    StringBuilder path = new StringBuilder();
    for (int level = 0; level < depth; level++) {
      int afterNames = level + 1 < depth ? firstNames[level + 1] : nameCount;
      if ((arrays >>> level & 1) != 0) {
        path.append('/').append(items[level]);
      } else if (afterNames > firstNames[level]) {
        path.append('/').append(names[afterNames - 1]);
      }
    }
    return path.toString();
  }
}
