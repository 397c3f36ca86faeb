package io.turnout.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turnout.bench.machine.Noise;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ReportTest {
    private static final Figure CPU = Figure.CPU_MICROS_PER_REQUEST;
    private static final Noise QUIET = new Noise(0.1, 0, 2);

    private static Round round(int number, String peer, double cpu) {
        return Round.of(number, peer, Map.of(CPU, cpu, Figure.REQUESTS_PER_SECOND, 1e6 / cpu), QUIET);
    }

    private static ScenarioResult scenario() {
        return new ScenarioResult(
                "keep-alive",
                "1 KiB <keep-alive>",
                List.of(CPU, Figure.REQUESTS_PER_SECOND),
                List.of(
                        round(1, "haproxy", 10),
                        round(1, "turnout", 8),
                        round(2, "haproxy", 20),
                        round(2, "turnout", 12),
                        round(3, "haproxy", 11),
                        round(3, "turnout", 11)));
    }

    private static BenchResult result(List<String> doubts, Optional<String> stoppedBy) {
        return new BenchResult(
                Instant.parse("2026-11-21T10:00:00Z"),
                Map.of("kernel", "6.1"),
                Map.of("rounds", "3"),
                List.of(new BenchResult.MeasuredPeer("haproxy", "HAProxy 2.6")),
                "haproxy",
                List.of(scenario()),
                doubts,
                List.of("tls, vertx: not set up for it"),
                stoppedBy);
    }

    @Test
    void takesTheMedianOverRounds() {
        assertThat(scenario().median("haproxy", CPU).orElseThrow()).isEqualTo(11);
        assertThat(scenario().median("nginx", CPU)).isEmpty();
        assertThat(ScenarioResult.median(4, 1).orElseThrow()).isEqualTo(2.5);
    }

    @Test
    void takesRatiosWithinARoundAndNotOfMedians() {
        assertThat(scenario().ratios("turnout", "haproxy", CPU))
                .containsExactly(new double[] {.8, .6, 1}, within(1e-9));
        assertThat(scenario().ratios("turnout", "nginx", CPU)).isEmpty();
    }

    @Test
    void showsMediansAndRatiosInATable() {
        assertThat(MarkdownReport.table(scenario(), "haproxy")).isEqualTo("""
                        | peer | CPU us/request | ratio | requests/s |
                        |---|--:|--:|--:|
                        | haproxy | 11.0 | 1.00 (1.00 to 1.00) | 90,909 |
                        | turnout | 11.0 | 0.80 (0.60 to 1.00) | 90,909 |
                        """);
    }

    @Test
    void saysWhatSpeaksAgainstTheFigures() {
        String text = MarkdownReport.write(result(List.of("the cores were busy"), Optional.of("a peer ended")));

        assertThat(text)
                .contains("**Not to be trusted**: the cores were busy", "**Incomplete**: a peer ended")
                .contains("- kernel: 6.1", "- skipped: tls, vertx: not set up for it", "- haproxy: HAProxy 2.6");
        assertThat(MarkdownReport.write(result(List.of(), Optional.empty()))).doesNotContain("trusted", "Incomplete");
    }

    @Test
    void keepsEveryRoundInTheResultFile() {
        JsonNode json = new ObjectMapper().readTree(new ResultJson().write(result(List.of(), Optional.empty())));

        assertThat(json.path("machine").path("kernel").stringValue()).isEqualTo("6.1");
        JsonNode rounds = json.path("scenarios").path(0).path("rounds");
        assertThat(rounds).hasSize(6);
        assertThat(rounds.path(3).path("figures").path("CPU_MICROS_PER_REQUEST").doubleValue())
                .isEqualTo(12);
        assertThat(rounds.path(3).path("noise").path("otherPercent").doubleValue())
                .isEqualTo(0.1);
    }

    @Test
    void drawsWellFormedPlots() throws Exception {
        Round watched = new Round(
                1,
                "turnout",
                Map.of(CPU, 1.0),
                QUIET,
                Map.of(),
                List.of(new Round.RssSample(0, 1024), new Round.RssSample(1, 2048)));
        ScenarioResult memory = new ScenarioResult("big-bodies", "a & b", List.of(CPU), List.of(watched));
        var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();

        for (String svg : List.of(SvgChart.bars(scenario()), SvgChart.memory(memory), SvgChart.bars(memory))) {
            assertThat(parser.parse(new InputSource(new StringReader(svg)))
                            .getDocumentElement()
                            .getNodeName())
                    .isEqualTo("svg");
        }
    }
}
