package dev.sigwarden.settings;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/// The bytes of a configuration file as a tree of YAML nodes with line numbers: UTF-8, one
/// document, a mapping at the top, no tags, aliases within bounds. What a scalar means is left to
/// `YamlSection`, so nothing is guessed from its looks.
final class YamlText {
  /// Bytes of all files of a configuration: 10,000 watches with every key have some 6 million.
  static final int MAX_BYTES = 16 << 20;

  /// The heap that one YAML event (about one per value) takes up while a file is read and what it
  /// says is made ready, in bytes, with room for what a running daemon holds beside it. Measured:
  /// 10,000 watches with every key, 420,000 events, need some 240 MB alone.
  private static final int BYTES_PER_EVENT = 1024;

  /// YAML events read from all files of a configuration, and values after aliases were followed,
  /// which multiply: a file that this heap cannot hold is refused, where reading it would end the
  /// process. With -Xmx256m that is some 246,000.
  static final int MAX_EVENTS =
      (int) Math.min(1_000_000, Runtime.getRuntime().maxMemory() / BYTES_PER_EVENT);

  private static final String AT_MOST = "at most %d with this heap, see -Xmx".formatted(MAX_EVENTS);

  /// Levels of nesting, aliases followed. The deepest real configuration has about ten.
  private static final int MAX_DEPTH = 50;

  /// Stands on every node without a tag of its own, so that the others can be told apart.
  private static final Tag UNTAGGED = new Tag("tag:sigwarden:untagged");

  private static final Pattern QUOTES_THE_FILE =
      Pattern.compile(
          "(found undefined alias|found undefined tag handle|anchor) .*", Pattern.DOTALL);

  private static final Pattern ENCLOSED =
      Pattern.compile("while scanning a quoted scalar|while parsing a flow (sequence|mapping)");

  private final Reading reading;
  private final Set<Node> above = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlText(Reading reading) {
    this.reading = reading;
  }

  /// The mapping at the top of the file; empty after a problem that leaves nothing to read.
  static Optional<MappingNode> parse(byte[] bytes, Reading reading) {
    if (bytes.length > reading.bytesLeft()) {
      reading.problem(0, "", "the file is too large", "at most " + MAX_BYTES + " bytes");
      return Optional.empty();
    }
    reading.readBytes(bytes.length);
    return decode(bytes, reading)
        .flatMap(text -> compose(text, reading))
        .flatMap(root -> new YamlText(reading).checked(root));
  }

  private static Optional<String> decode(byte[] bytes, Reading reading) {
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = utf8.decode(in, out, true);
    if (result.isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      reading.problem(line, "", "a byte that is not UTF-8", "UTF-8 text");
      return Optional.empty();
    }
    String text = out.flip().toString();
    return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  // The library documents YAMLException, yet lets others through for some inputs (number formats in
  // directives, for one); whatever it throws, the file is at fault and the reader is told.
  private static Optional<Node> compose(String text, Reading reading) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    // No tag makes an object here: every one becomes a problem with its line.
    options.setTagInspector(tag -> true);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_EVENTS);
    try {
      Parser parser = new BoundedParser(new ParserImpl(new StreamReader(text), options), reading);
      Optional<Node> root =
          Optional.ofNullable(new Composer(parser, new NoGuesses(), options).getSingleNode());
      if (root.isEmpty()) {
        reading.problem(0, "", "the file is empty", "a mapping of settings");
      }
      return root;
    } catch (TooManyEventsException tooMany) {
      reading.problem(0, "", "too many values", AT_MOST);
    } catch (MarkedYAMLException broken) {
      Mark mark = broken.getProblemMark();
      reading.problem(mark == null ? 0 : line(mark), "", why(broken), "YAML");
    } catch (ReaderException broken) {
      int end = Math.min(broken.getPosition(), text.codePointCount(0, text.length()));
      String before = text.substring(0, text.offsetByCodePoints(0, Math.max(0, end)));
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      String found = "the character U+%04X".formatted(broken.getCodePoint());
      reading.problem(line, "", found, "printable text");
    } catch (RuntimeException broken) {
      reading.problem(0, "", "not YAML", "YAML");
    }
    return Optional.empty();
  }

  /// What the library says, without what it quotes from the file: that may be a secret. Its whole
  /// message, with a piece of the file, is never used.
  private static String why(MarkedYAMLException broken) {
    String problem = Objects.requireNonNullElse(broken.getProblem(), "not YAML");
    String why = Printable.bare(QUOTES_THE_FILE.matcher(problem).replaceFirst("$1"));
    String context = Objects.requireNonNullElse(broken.getContext(), "");
    Mark began = broken.getContextMark();
    // What was never closed is noticed far below, often at the end of the file.
    return began != null && ENCLOSED.matcher(context).matches()
        ? "%s, in what begins with a quote or bracket on line %d".formatted(why, line(began))
        : why;
  }

  private Optional<MappingNode> checked(Node root) {
    if (!walk(root, 1)) {
      return Optional.empty();
    }
    if (root instanceof MappingNode mapping) {
      return Optional.of(mapping);
    }
    reading.problem(line(root), "", "no mapping at the top", "settings as key: value");
    return Optional.empty();
  }

  /// Whether the tree below `node` may be read, with aliases followed.
  private boolean walk(Node node, int depth) {
    if (depth > MAX_DEPTH || !above.add(node)) {
      reading.problem(line(node), "", "nested too deeply", "at most " + MAX_DEPTH + " levels");
      return false;
    }
    if (!reading.mayHold()) {
      reading.problem(line(node), "", "aliases multiply the file", AT_MOST);
      return false;
    }
    if (!UNTAGGED.equals(node.getTag())) {
      reading.problem(line(node), "", "a tag", "plain YAML without !");
      return false;
    }
    boolean fine = true;
    if (node instanceof MappingNode mapping) {
      for (NodeTuple pair : mapping.getValue()) {
        fine = fine && walk(pair.getKeyNode(), depth + 1) && walk(pair.getValueNode(), depth + 1);
      }
    } else if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        fine = fine && walk(item, depth + 1);
      }
    }
    above.remove(node);
    return fine;
  }

  /// The line on which the node starts, `>= 1`.
  static int line(Node node) {
    return line(node.getStartMark());
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  /// Gives every node without a tag the same one.
  private static final class NoGuesses extends Resolver {
    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      return UNTAGGED;
    }
  }

  /// More events than `MAX_EVENTS`.
  private static final class TooManyEventsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Stops the library before the tree grows too large.
  private static final class BoundedParser implements Parser {
    private final Parser inner;
    private final Reading reading;

    BoundedParser(Parser inner, Reading reading) {
      this.inner = inner;
      this.reading = reading;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
      return inner.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
      return inner.peekEvent();
    }

    @Override
    public Event getEvent() {
      if (!reading.mayParse()) {
        throw new TooManyEventsException();
      }
      return inner.getEvent();
    }
  }
}
