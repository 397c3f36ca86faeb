package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsPageTest {
    @TempDir
    private Path folder;

    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = RunningAdmin.in(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private VariantMeter.Cell cell(int target) {
        return admin.control()
                .published()
                .current()
                .routes()
                .get(0)
                .targets()
                .get(target)
                .meter()
                .cell(0);
    }

    private String page() throws Exception {
        return admin.get("/metrics").body();
    }

    @Test
    void countsOfTheDataPlaneAppearAtTheNextScrape() throws Exception {
        cell(0).onStarted(Weight.EVIDENCE);
        cell(0).onFinished(Weight.EVIDENCE, Outcome.SUCCESS, 200, 1_000, 2_000);
        cell(0).onStarted(Weight.EVIDENCE);
        cell(0).onFinished(Weight.EVIDENCE, Outcome.TIMEOUT, 504, -1, 90_000);
        cell(0).onCharged();
        cell(0).onRetried();
        cell(1).onStarted(Weight.FORCED);
        admin.loop().add(Count.CONNECTIONS_OPEN, 3);
        admin.loop().increment(Count.REFUSED_NO_ROUTE);
        admin.control()
                .published()
                .current()
                .pools()
                .get(0)
                .endpoints()
                .get(0)
                .meter()
                .cell(0)
                .onRequest();

        assertThat(page().lines())
                .contains(
                        "turnout_requests_total{outcome=\"success\",pool=\"blue\",route=\"shop\"} 1.0",
                        "turnout_requests_total{outcome=\"timeout\",pool=\"blue\",route=\"shop\"} 1.0",
                        "turnout_responses_total{code_class=\"2xx\",pool=\"blue\",route=\"shop\"} 1.0",
                        "turnout_responses_total{code_class=\"5xx\",pool=\"blue\",route=\"shop\"} 1.0",
                        "turnout_requests_active{pool=\"green\",route=\"shop\"} 1.0",
                        "turnout_forced_requests_total{pool=\"green\",route=\"shop\"} 1.0",
                        "turnout_variant_errors_total{pool=\"blue\",route=\"shop\"} 1.0",
                        "turnout_retries_total{pool=\"blue\",route=\"shop\"} 1.0",
                        "turnout_request_duration_seconds_bucket{pool=\"blue\",route=\"shop\",le=\"0.001\"} 0",
                        "turnout_request_duration_seconds_bucket{pool=\"blue\",route=\"shop\",le=\"0.0025\"} 1",
                        "turnout_request_duration_seconds_bucket{pool=\"blue\",route=\"shop\",le=\"+Inf\"} 1",
                        "turnout_request_duration_seconds_count{pool=\"blue\",route=\"shop\"} 1",
                        "turnout_request_duration_seconds_sum{pool=\"blue\",route=\"shop\"} 0.002",
                        "turnout_upstream_requests_total{endpoint=\"127.0.0.1:9001\",pool=\"blue\"} 1.0",
                        "turnout_upstream_requests_active{endpoint=\"127.0.0.1:9001\",pool=\"blue\"} 1.0",
                        "turnout_connections 3.0",
                        "turnout_refused_total{reason=\"no_route\"} 1.0");
    }

    @Test
    void weightsOverridesAndDrainsAreShown() throws Exception {
        admin.send(admin.json("PUT", "/api/v1/routes/shop/weights", "{\"weights\":{\"blue\":60,\"green\":40}}"));
        admin.send(admin.json("POST", "/api/v1/pools/blue/endpoints/127.0.0.1:9001/drain", ""));

        assertThat(page().lines())
                .contains(
                        "turnout_weight{pool=\"green\",route=\"shop\"} 40.0",
                        "turnout_weight_desired{pool=\"green\",route=\"shop\"} 5.0",
                        "turnout_override_active{route=\"shop\"} 1.0",
                        "turnout_override_active{route=\"spare.v1\"} 0.0",
                        "turnout_upstream_drained{endpoint=\"127.0.0.1:9001\",pool=\"blue\"} 1.0",
                        "turnout_generation 3.0");
    }

    @Test
    void reloadsAreCountedByResult() throws Exception {
        Files.writeString(admin.file, "x: 1\n");
        admin.send(admin.json("POST", "/api/v1/config/reload", ""));

        assertThat(page().lines())
                .contains(
                        "turnout_config_reloads_total{result=\"applied\"} 1.0",
                        "turnout_config_reloads_total{result=\"refused\"} 1.0",
                        "turnout_config_last_reload_successful 0.0");
    }

    @Test
    void seriesOfRemovedRoutesDisappear() throws Exception {
        assertThat(page()).contains("route=\"spare.v1\"", "pool=\"spare\"");
        String without = RunningAdmin.CONFIG.substring(0, RunningAdmin.CONFIG.indexOf("  - name: spare.v1"));
        Files.writeString(admin.file, without.replaceFirst("  spare: .*\n", ""));
        assertThat(admin.send(admin.json("POST", "/api/v1/config/reload", "")).statusCode())
                .isEqualTo(200);

        assertThat(page()).doesNotContain("spare");
    }

    @Test
    void theProcessIsShownToo() throws Exception {
        assertThat(page())
                .contains(
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_cpu_usage",
                        "process_files_open_files",
                        "process_start_time_seconds",
                        "turnout_netty_direct_memory_bytes",
                        "turnout_build_info{java=",
                        "version=\"1.2.3\"");
    }

    @Test
    void theFormatFollowsAccept() throws Exception {
        assertThat(admin.get("/metrics").headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/plain; version=0.0.4");
        HttpRequest.Builder open =
                admin.request("/metrics").header("Accept", "application/openmetrics-text;version=1.0.0");
        assertThat(admin.send(open).headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/openmetrics-text");
        assertThat(admin.send(open).body()).endsWith("# EOF\n");
    }

    @Test
    void everyMetricOfTheTableIsOnThePageAndTheOtherWayRound() throws Exception {
        Files.writeString(admin.file, RunningAdmin.CONFIG.replace("split: {weights: {blue: 95, green: 5}}", """
                split: {weights: {blue: 95, green: 5}}
                    guard: {stable: blue, compare: {to: stable}}
                    rollout: {canary: green, steps: [10%]}
                    mirror: {pool: spare, compare: {}}"""));
        admin.send(admin.json("POST", "/api/v1/config/reload", "{}"));
        TreeSet<String> shown = new TreeSet<>();
        Matcher type = Pattern.compile("(?m)^# TYPE (turnout_\\S+) (\\S+)$").matcher(page());
        while (type.find()) {
            shown.add(type.group(1) + " " + type.group(2));
        }
        TreeSet<String> declared = new TreeSet<>();
        for (Metric metric : Metric.values()) {
            declared.add(metric.exposedName() + " " + metric.type().name().toLowerCase(Locale.ROOT));
        }

        assertThat(shown).isEqualTo(declared);
    }

    @Test
    void theDocumentListsEveryMetricWithTypeAndLabels() throws Exception {
        List<String> rows = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            rows.add(
                    "| `" + metric.exposedName() + "` | " + metric.type().name().toLowerCase(Locale.ROOT) + " | "
                            + String.join(", ", metric.labels()) + " | " + metric.help() + " |");
        }
        Path document = Path.of(System.getProperty("turnout.root", ".."), "docs", "metrics.md");

        assertThat(Files.readAllLines(document).stream().filter(line -> line.startsWith("| `turnout_")))
                .containsExactlyElementsOf(rows);
    }

    @Test
    void coarseBucketsNeverCountSlowRequestsAsFast() {
        for (int fine = 0; fine < LatencyScale.BUCKETS; fine++) {
            long[] counts = new long[LatencyScale.BUCKETS];
            counts[fine] = 1;
            long[] coarse = DurationBuckets.of(counts);
            int slot = 0;
            while (coarse[slot] == 0) {
                slot++;
            }
            assertThat(LatencyScale.upperMicros(fine) / 1e6).isLessThanOrEqualTo(upperSeconds(slot));
            double below = slot == 0 ? 0 : upperSeconds(slot - 1);
            assertThat(LatencyScale.upperMicros(fine) / 1e6).isGreaterThanOrEqualTo(slot == 0 ? 0 : below);
        }
    }

    private static double upperSeconds(int slot) {
        String bound = DurationBuckets.BOUNDS.get(slot);
        return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
    }
}
