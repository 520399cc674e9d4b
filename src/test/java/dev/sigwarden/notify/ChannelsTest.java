package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.notify.Shows.Part;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of channel and contract: every part of it is shown of every channel by a test in the
/// channel's own folder, or there is a reason why it has no such part.
class ChannelsTest {
  private static final String NO_PEER = "writes to a stream of its own process";
  private static final String SILENT = "RFC 5425: servers answer nothing";
  private static final String NO_SECRET = "has no secret";

  /// Parts that a channel cannot have.
  private static final Map<String, Map<Part, String>> WITHOUT =
      Map.of(
          "console",
          Map.of(
              Part.ANSWERS, NO_PEER,
              Part.PAUSE, NO_PEER,
              Part.HANG, NO_PEER,
              Part.ENDLESS, NO_PEER,
              Part.CERTIFICATE, NO_PEER,
              Part.ROTATED, NO_SECRET,
              Part.SECRET, NO_SECRET),
          "syslog",
          Map.of(
              Part.ANSWERS, SILENT,
              Part.PAUSE, SILENT,
              Part.ROTATED, NO_SECRET,
              Part.SECRET, NO_SECRET),
          "email",
          Map.of(Part.PAUSE, "SMTP has no word for it"),
          "kafka",
          Map.of(Part.PAUSE, "the client itself waits for as long as a broker asks"));

  static Set<String> channels() {
    return Receivers.channelNames();
  }

  @ParameterizedTest
  @MethodSource("channels")
  void channel_is_shown_to_keep_each_part_of_its_contract(String name) throws Exception {
    Channel channel = Receivers.channels().get(name);
    assertThat(channel).isNotNull();
    List<Class<?>> tests = testsBeside(channel.getClass());
    assertThat(tests).as("tests of %s that extend the contract", name).anyMatch(this::isContract);
    Set<Part> shown = EnumSet.noneOf(Part.class);
    tests.forEach(test -> shown.addAll(shownBy(test)));
    Set<Part> expected = EnumSet.allOf(Part.class);
    expected.removeAll(WITHOUT.getOrDefault(name, Map.of()).keySet());
    assertThat(shown).isEqualTo(expected);
  }

  @Test
  void no_reason_is_left_of_a_channel_that_has_gone() {
    assertThat(Receivers.channelNames()).containsAll(WITHOUT.keySet());
  }

  private boolean isContract(Class<?> test) {
    return NotifierContract.class.isAssignableFrom(test)
        && !Modifier.isAbstract(test.getModifiers());
  }

  private static List<Class<?>> testsBeside(Class<?> channel)
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path classes =
        Path.of(ChannelsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = classes.resolve(channel.getPackageName().replace('.', '/'));
    List<Class<?>> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.toString().endsWith("Test.class")).toList()) {
        String simple = file.getFileName().toString().replace(".class", "");
        tests.add(Class.forName(channel.getPackageName() + "." + simple));
      }
    }
    return tests;
  }

  /// What the methods of a test show, those that it inherits too.
  private static Set<Part> shownBy(Class<?> test) {
    Set<Part> shown = EnumSet.noneOf(Part.class);
    for (Class<?> type = test; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Shows.class)) {
          shown.addAll(List.of(method.getAnnotation(Shows.class).value()));
        }
      }
    }
    return shown;
  }
}
