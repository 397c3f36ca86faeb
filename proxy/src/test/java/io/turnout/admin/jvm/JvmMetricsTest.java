package io.turnout.admin.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.turnout.admin.page.MetricFamilies;
import io.turnout.admin.page.PageFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JvmMetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static String page(JvmMetrics metrics, MetricFamilies families) {
        metrics.addTo(families);
        return new String(families.take(PageFormat.TEXT), StandardCharsets.UTF_8);
    }

    /**
     * What dashboards are built on: every line but its help and its number. Of collections only the one the test asks
     * for: others may end when one side does not listen yet.
     */
    private static List<String> series(String page) {
        return page.lines()
                .filter(line -> !line.startsWith("# HELP"))
                .filter(line -> !line.contains("cause=") || line.contains("cause=\"System.gc()\""))
                .map(line -> line.startsWith("#") ? line : line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    @Test
    @SuppressWarnings("try") // the binders only live with their registry
    void seriesAreThoseOfMicrometer() {
        var families = new MetricFamilies(List.of(JvmMetric.values()));
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (var metrics = new JvmMetrics();
                var collections = new JvmGcMetrics()) {
            new JvmMemoryMetrics().bindTo(registry);
            new JvmThreadMetrics().bindTo(registry);
            new ClassLoaderMetrics().bindTo(registry);
            new ProcessorMetrics().bindTo(registry);
            new FileDescriptorMetrics().bindTo(registry);
            new UptimeMetrics().bindTo(registry);
            collections.bindTo(registry);
            System.gc();

            // A collection is told a little after it has ended, to one after the other.
            await().atMost(PATIENCE).untilAsserted(() -> {
                String page = page(metrics, families);
                assertThat(page).contains("cause=\"System.gc()\"");
                assertThat(series(page)).isEqualTo(series(registry.scrape()));
            });
        } finally {
            registry.close();
        }
    }

    @Test
    void valuesAreThoseOfTheProcess() {
        var families = new MetricFamilies(List.of(JvmMetric.values()));
        try (var metrics = new JvmMetrics()) {
            String page = page(metrics, families);

            assertThat(value(page, "process_cpu_time_ns_total")).isPositive();
            assertThat(value(page, "process_cpu_usage")).isBetween(0d, 1d);
            assertThat(value(page, "system_cpu_count"))
                    .isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(value(page, "process_files_open_files")).isPositive();
            assertThat(value(page, "jvm_threads_states_threads{state=\"runnable\"}"))
                    .isPositive();
            assertThat(value(page, "process_start_time_seconds")).isCloseTo(startSeconds(), within(60d));
        }
    }

    @Test
    void closingTwiceIsClosingOnce() {
        var metrics = new JvmMetrics();
        metrics.close();

        assertThatCode(metrics::close).doesNotThrowAnyException();
    }

    private static double startSeconds() {
        return ProcessHandle.current().info().startInstant().orElseThrow().getEpochSecond();
    }

    private static double value(String page, String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theLongestDurationIsForgottenAfterThreeMinutes() {
        var durations = new RecentDurations();
        long minute = TimeUnit.MINUTES.toNanos(1);
        durations.add(7, 10 * minute);
        durations.add(3, 11 * minute);

        assertThat(durations.longestMillis(12 * minute)).isEqualTo(7);
        assertThat(durations.longestMillis(13 * minute)).isEqualTo(3);
        assertThat(durations.longestMillis(20 * minute)).isZero();
        assertThat(durations.count()).isEqualTo(2);
        assertThat(durations.sumMillis()).isEqualTo(10);
    }
}
