package io.turnout.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.machine.CpuWatch;
import io.turnout.bench.machine.Noise;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.report.Figure;
import io.turnout.bench.report.Round.RssSample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ScenariosTest {
    private static final String WRK = """
            Running 2s test @ http://127.0.0.1:18402/1k
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     1.20ms    1.00ms  20.00ms   90.00%
              100000 requests in 2.00s, 120.00MB read
            Requests/sec:  50000.25
            Transfer/sec:     60.00MB
            """;

    @Test
    void namesEveryScenarioOnceAndFindsItByName() throws Refusal {
        List<String> names = Scenarios.all().stream().map(Scenario::name).toList();

        assertThat(names).doesNotHaveDuplicates();
        assertThat(Scenarios.named(List.of("rate", "churn")))
                .extracting(Scenario::name)
                .containsExactly("rate", "churn");
        assertThat(Scenarios.all()).containsAll(Scenarios.quick());
        assertThatThrownBy(() -> Scenarios.named(List.of("sprint")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("sprint")
                .hasMessageContaining("keep-alive");
    }

    @Test
    void worksOutFiguresFromWhatWasSeen() {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(200_000, 99);
        latencies.recordValueWithCount(5_000_000, 1);
        LoadWindow window =
                new LoadWindow(2_000_000_000L, 100_000, 100_000_000, Map.of(), 0, 0, 0, 0, latencies, latencies);
        CpuWatch.Seen seen = new CpuWatch.Seen(2, 1.5, 1.8, .95, new Noise(0, 0, 3));

        Map<Figure, Double> figures = new HashMap<>(Figures.of(window, seen));

        assertThat(figures)
                .containsEntry(Figure.CPU_MICROS_PER_REQUEST, 15.0)
                .containsEntry(Figure.HARNESS_MICROS_PER_REQUEST, 18.0)
                .containsEntry(Figure.REQUESTS_PER_SECOND, 50_000.0)
                .containsEntry(Figure.CPU_SECONDS_PER_GB, 15.0)
                .containsEntry(Figure.PROXY_BUSY_PERCENT, 75.0);
        assertThat(figures.get(Figure.P50_MICROS)).isCloseTo(200, within(1.0));
        assertThat(figures.get(Figure.P999_MICROS)).isCloseTo(5000, within(5.0));
    }

    @Test
    void subtractsTheDirectPathOfTheSameRound() {
        Map<Figure, Double> figures = new HashMap<>(Map.of(Figure.P50_MICROS, 90.0, Figure.P99_MICROS, 300.0));
        Figures.addAdded(figures, Map.of(Figure.P50_MICROS, 20.0, Figure.P99_MICROS, 50.0));

        assertThat(figures).containsEntry(Figure.ADDED_P50_MICROS, 70.0).containsEntry(Figure.ADDED_P99_MICROS, 250.0);
    }

    @Test
    void readsTheReportOfWrkAndRefusesOneWithErrors() throws Refusal {
        assertThat(WrkAgreement.Report.parse(WRK)).isEqualTo(new WrkAgreement.Report(100_000, 50_000.25));
        assertThatThrownBy(() -> WrkAgreement.Report.parse(WRK + "  Non-2xx or 3xx responses: 12\n"))
                .hasMessageContaining("Non-2xx or 3xx responses: 12");
        assertThatThrownBy(() -> WrkAgreement.Report.parse("unable to connect"))
                .hasMessageContaining("unable to connect");
    }

    @Test
    void comparesMemoryWithWhatItWasWhenATenthHadPassed() {
        List<RssSample> samples = List.of(
                new RssSample(0, 50 * 1024),
                new RssSample(1, 100 * 1024),
                new RssSample(5, 130 * 1024),
                new RssSample(10, 120 * 1024));

        assertThat(BigBodies.memory(samples))
                .containsEntry(Figure.RSS_START_MIB, 100.0)
                .containsEntry(Figure.RSS_MAX_MIB, 130.0)
                .containsEntry(Figure.RSS_GROWTH_MIB, 30.0);
    }
}
