package dev.sigwarden.health;

import dev.sigwarden.store.Scan;
import dev.sigwarden.store.ScanBook;
import dev.sigwarden.store.ScanProgress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/// The numbers of scans that run: the same in each process, since all share them.
final class ScanMetrics {
  private record Gauge(MultiGauge gauge, ToDoubleBiFunction<Scan, ScanProgress> value) {}

  private record Running(Scan scan, ScanProgress progress) {}

  private final List<Gauge> gauges;

  ScanMetrics(MeterRegistry registry) {
    gauges =
        List.of(
            gauge(
                registry,
                "sigwarden_scan_entries",
                "Entries of a scan",
                (scan, _) -> scan.to() - scan.from()),
            gauge(
                registry,
                "sigwarden_scan_judged_entries",
                "Entries of a scan that are proven and judged",
                (_, progress) -> progress.judged()),
            gauge(
                registry,
                "sigwarden_scan_working_pieces",
                "Pieces of a scan that are in work",
                (_, progress) -> progress.working()),
            gauge(
                registry,
                "sigwarden_scan_failed_pieces",
                "Pieces of a scan that were given up",
                (_, progress) -> progress.failed()),
            gauge(
                registry,
                "sigwarden_scan_findings",
                "Findings of a scan, known ones included",
                (_, progress) -> progress.findings()));
  }

  private static Gauge gauge(
      MeterRegistry registry,
      String name,
      String meaning,
      ToDoubleBiFunction<Scan, ScanProgress> value) {
    return new Gauge(MultiGauge.builder(name).description(meaning).register(registry), value);
  }

  void refresh(ScanBook book) {
    List<Running> running =
        book.running().stream().map(scan -> new Running(scan, book.progress(scan.id()))).toList();
    for (Gauge gauge : gauges) {
      gauge.gauge.register(
          running.stream()
              .map(one ->
                  Row.of(
                      Tags.of("scan", one.scan().id(), "log", one.scan().log()),
                      gauge.value.applyAsDouble(one.scan(), one.progress())))
              .toList(),
          true);
    }
  }
}
