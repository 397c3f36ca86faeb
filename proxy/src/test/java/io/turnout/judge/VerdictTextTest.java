package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.judge.Evidence.MetricEvidence;
import io.turnout.judge.Evidence.Rate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTextTest {
    private static final Evidence EVIDENCE = new Evidence(
            .05,
            21_000_000_000L,
            Math.log(327.2),
            Math.log(327.2),
            Math.log(100),
            .01,
            1.1,
            .0005,
            Rate.of(6, 103),
            Rate.of(7, 1955),
            List.of(
                    new MetricEvidence(Metric.ERRORS, "errors", Math.log(594), .55, null, 13.2),
                    new MetricEvidence(Metric.LATENCY, "latency", Math.log(.9), .45, Quantile.P90, 1.25)),
            List.of(),
            1,
            9,
            List.of(0.0, 0.0),
            0);

    @Test
    void tellsWhyACanaryWasRevertedOnItsErrors() {
        var revert = new Verdict.Revert(new Cause.Comparison(Metric.ERRORS, Quantile.P50, 13.2), EVIDENCE);
        assertThat(VerdictText.reverted("shop", revert)).isEqualTo("""
                        REVERTED shop at weight 5 % after 103 canary requests, 21.0 s.  evidence 327:1 (limit 100:1, false-alarm budget 1 % per rollout)
                          errors   canary 6/103 = 5.8 % (95 % CS 1.0-16.7)   stable 7/1955 = 0.36 % (0.06-1.12)   best-fitting ratio 13x, tolerated 1.1x + 0.05 pp
                          latency  no evidence (0.9:1)   dispersion 1.0 (9 stable hosts)   users affected: 6 failed requests""");
    }

    @Test
    void tellsTheCauseInOneSentence() {
        var revert = new Verdict.Revert(new Cause.Comparison(Metric.ERRORS, Quantile.P50, 13.2), EVIDENCE);
        assertThat(VerdictText.cause(revert))
                .isEqualTo("canary 6/103 errors = 5.8 % (95 % CS 1.0-16.7) against stable 7/1955 = 0.36 %; odds 327:1");
    }

    @Test
    void tellsEveryOtherCauseWithItsFigures() {
        var window = Duration.ofSeconds(60);
        assertThat(cause(new Cause.ErrorRate(30, 400, .05, window)))
                .isEqualTo("error rate 30/400 = 7.5 % within 60.0 s (limit 5 %)");
        assertThat(cause(new Cause.Latency(new LatencyLimit("p99", .99, 300_000), 412_345, 250, window)))
                .isEqualTo("p99 412.3 ms over 250 answers within 60.0 s (limit 300.0 ms)");
        assertThat(cause(new Cause.Catastrophe(5))).isEqualTo("all of its first 5 requests failed");
        assertThat(cause(new Cause.Absolute(.2)))
                .isEqualTo("evidence 1.0:1 that more than 20 % of the canary's requests fail, with no stable arm"
                        + " beside it");
    }

    @Test
    void writesFiguresWithTwoTellingDigits() {
        assertThat(Words.odds(Math.log(3.24))).isEqualTo("3.2:1");
        assertThat(Words.odds(Math.log(12.6))).isEqualTo("13:1");
        assertThat(Words.odds(800)).isEqualTo("over 1,000,000:1");
        assertThat(Words.duration(.25)).isEqualTo("0.25 s");
        assertThat(Words.duration(2040)).isEqualTo("34 min");
        assertThat(Words.duration(18_720)).isEqualTo("5.2 h");
        assertThat(Words.weight(.005)).isEqualTo("0.5 %");
        assertThat(Words.weight(.1)).isEqualTo("10 %");
        assertThat(Words.weight(1)).isEqualTo("100 %");
        assertThat(Words.weight(0)).isEqualTo("0 %");
        assertThat(Words.weight(1 / 3.0)).isEqualTo("33.3 %");
        assertThat(Words.micros(850)).isEqualTo("850 us");
        assertThat(Words.micros(3_100_000)).isEqualTo("3.10 s");
    }

    private static String cause(Cause cause) {
        return VerdictText.cause(new Verdict.Revert(cause, EVIDENCE));
    }
}
