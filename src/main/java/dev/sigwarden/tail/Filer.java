package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.store.Filing;
import dev.sigwarden.trust.TrustSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Says of each finding on a log who is told of it, and how.
///
/// @param routes who is told of what
/// @param claims what the operator says of unverified claims
/// @param drill what is filed in place of each finding, if the log is only practised on
record Filer(Routes routes, TrustSettings.Claims claims, Optional<UnaryOperator<Filing>> drill) {
  Filing file(Alert alert, int branch, long index, List<Evidence> evidence) {
    Filing filing =
        new Filing(
            new Finding(alert, branch, index, evidence),
            routes.plan(alert).measured(own -> Flood.perHour(alert.kind(), claims, own)));
    return drill.map(marked -> marked.apply(filing)).orElse(filing);
  }
}
