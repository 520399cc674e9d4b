package dev.sigwarden.cli;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Samples;
import dev.sigwarden.notify.Receivers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden template render`: what templates say, on made-up alerts.
@Command(
    name = "template",
    description = "Work on alert templates.",
    mixinStandardHelpOptions = true,
    subcommands = TemplateCommand.Render.class)
final class TemplateCommand extends Group {
  /// Renders one kind of alert, or each.
  @Command(
      name = "render",
      description = {
        "Print what the templates say of a made-up alert of each kind, or of one.",
        "Names and values in it are samples; one of them holds markup, as a log's text may."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Exit codes: 0 rendered, 1 a template has a problem, 2 usage."})
  static final class Render implements Callable<Integer> {
    @Parameters(
        arity = "0..1",
        paramLabel = "KIND",
        description = "The kind, log-fork for example (default: each).")
    private @Nullable String kind;

    @Option(
        names = "--templates",
        paramLabel = "DIR",
        description = "A folder of templates (default: the built-in ones).")
    private @Nullable Path templates;

    @Option(
        names = "--channel",
        paramLabel = "NAME",
        defaultValue = "email",
        description = "For which channel (default: ${DEFAULT-VALUE}).")
    private String channel = "";

    @Option(
        names = "--form",
        paramLabel = "FORM",
        defaultValue = "text",
        description = "text, chat or html (default: ${DEFAULT-VALUE}).")
    private String form = "";

    @Option(
        names = "--event",
        paramLabel = "EVENT",
        defaultValue = "opened",
        description = "What happened to it (default: ${DEFAULT-VALUE}).")
    private String event = "";

    @Override
    public Integer call() throws CommandFailure {
      Set<String> channels = Receivers.channelNames();
      if (!channels.contains(channel)) {
        throw unknown("--channel", channel, channels.stream().sorted().toList());
      }
      Form shape = chosen("--form", form, Form.values(), Render::label);
      Alert.Event happened = chosen("--event", event, Alert.Event.values(), Alert.Event::label);
      List<Kind> kinds =
          kind == null
              ? List.of(Kind.values())
              : List.of(chosen("kind", kind, Kind.values(), Kind::label));
      AlertText text = AlertText.of(Optional.ofNullable(templates), channels);
      for (Kind one : kinds) {
        System.out.println(text.render(shape, channel, Samples.full(one, happened)));
      }
      text.problems().forEach(System.err::println);
      return text.problems().isEmpty() ? Exit.OK : Exit.FINDINGS;
    }

    private static String label(Form form) {
      return form.name().toLowerCase(Locale.ROOT);
    }

    private static <E> E chosen(String name, String text, E[] values, Function<E, String> label)
        throws CommandFailure {
      return Arrays.stream(values)
          .filter(value -> label.apply(value).equals(text))
          .findFirst()
          .orElseThrow(() -> unknown(name, text, Arrays.stream(values).map(label).toList()));
    }

    private static CommandFailure unknown(String name, String text, List<String> known) {
      return new CommandFailure(
          Exit.USAGE, "%s: %s (expected: %s)".formatted(name, text, String.join(", ", known)));
    }
  }
}
