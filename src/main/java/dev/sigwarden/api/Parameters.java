package dev.sigwarden.api;

import jakarta.ws.rs.QueryParam;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The parameters in the query of a call: those that its method knows, each once. A misspelt filter
/// that counted as none would show everything, and of two values one would not count.
final class Parameters {
  private Parameters() {}

  /// What is wrong with them; empty if nothing is.
  static Optional<Refused> wrong(Method method, Map<String, List<String>> given) {
    List<String> known =
        Arrays.stream(method.getParameters()).flatMap(Parameters::name).sorted().toList();
    for (Map.Entry<String, List<String>> one : given.entrySet()) {
      if (!known.contains(one.getKey())) {
        return Optional.of(
            Refused.wrong(
                Asked.shown(one.getKey()),
                "no parameter of this call",
                known.isEmpty() ? "none" : String.join(", ", known)));
      }
      if (one.getValue().size() > 1) {
        return Optional.of(Refused.wrong(one.getKey(), one.getValue().size() + " values", "one"));
      }
    }
    return Optional.empty();
  }

  private static Stream<String> name(Parameter parameter) {
    return Stream.ofNullable(parameter.getAnnotation(QueryParam.class)).map(QueryParam::value);
  }
}
