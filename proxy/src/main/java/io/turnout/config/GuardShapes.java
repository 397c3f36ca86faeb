package io.turnout.config;

import static io.turnout.config.shape.Scalars.bool;
import static io.turnout.config.shape.Scalars.decimal;
import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;
import static io.turnout.config.shape.Scalars.percent;

import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.Shape;
import io.turnout.model.LatencyScale;
import java.time.Duration;
import java.util.LinkedHashMap;

/** By what variants are judged. */
final class GuardShapes {
    /** What the histogram of latencies can tell apart from larger values. */
    private static final String LONGEST_LATENCY = "4h";

    static final RecordShape<GuardConfig> GUARD = guard();

    static {
        if (Duration.ofHours(4).toNanos() / 1_000 > LatencyScale.MAX_MICROS) {
            throw new AssertionError("the latency scale ends before " + LONGEST_LATENCY);
        }
    }

    private GuardShapes() {}

    private static RecordShape<GuardConfig> guard() {
        RecordShape.Draft<GuardConfig> r = RecordShape.draft(
                "guard",
                "By what every variant besides the stable one is judged, at all times. A breach sends its traffic back.");
        var stable = r.key("stable", NameShape.referringTo(SplitShapes.POOL), GuardConfig::stable)
                .doc("The trusted variant, one of the split.");
        var errorRate = r.key("errorRate", errorRate(), GuardConfig::errorRateMaxPpm)
                .optional()
                .doc("Threshold for failed requests. Absent: none.");
        var latency = r.key("latency", latency(), GuardConfig::latency)
                .byDefaultNone()
                .doc("Thresholds for the latency of successful answers.");
        var window = r.key("window", duration("1s", "1h"), GuardConfig::window)
                .byDefault("30s")
                .doc("How far thresholds look back. Longer: calmer and later.");
        var minRequests = r.key("minRequests", integer(1, 1_000_000), GuardConfig::minRequests)
                .byDefault("100")
                .doc("Requests of a variant within the window before its thresholds speak.");
        var consecutive = r.key("consecutive", integer(1, 1_000), GuardConfig::consecutive)
                .byDefault("1")
                .doc("Looks in a row that must breach a threshold.");
        var compare = r.key("compare", compare(), GuardConfig::compare)
                .optional()
                .doc(
                        "The sequential comparison with stable: at most 1 % false reverts over a whole rollout. Absent: none.");
        var differences = r.key("differences", differences(), GuardConfig::differences)
                .optional()
                .doc("Threshold for the answers of a shadow that runs what a variant runs. Absent: none.");
        var catastrophe = r.key("catastrophe", bool(), GuardConfig::catastrophe)
                .byDefault("true")
                .doc("Whether a variant whose first several requests all fail is reverted at once.");
        var watch = r.key("watch", duration("0s", "1d"), GuardConfig::watch)
                .byDefault("10m")
                .doc("How long after a switch a breach switches back. `0s`: not at all.");
        r.check((v, reading) -> {
            boolean unlimited = v.orNull(latency) != null && v.of(latency).isEmpty();
            boolean nothing =
                    unlimited && !v.isWritten(errorRate) && !v.isWritten(compare) && !v.isWritten(differences);
            if (nothing && Boolean.FALSE.equals(v.orNull(catastrophe))) {
                reading.error(
                        v.at(),
                        "a guard with nothing to judge by",
                        "errorRate, latency, compare, differences or catastrophe");
            }
        });
        return r.makes(v -> new GuardConfig(
                v.of(stable),
                v.orNull(errorRate),
                v.of(latency),
                v.of(window),
                v.of(minRequests),
                v.of(consecutive),
                v.orNull(compare),
                v.orNull(differences),
                v.of(catastrophe),
                v.of(watch)));
    }

    private static RecordShape<Integer> errorRate() {
        RecordShape.Draft<Integer> r = RecordShape.draft("errorRate", "Threshold for failed requests.");
        var max = r.key("max", percent("0%", "100%"), ppm -> ppm)
                .doc("Highest share of failed requests: 5xx, failed connections, resets, timeouts, truncated answers.");
        return r.makes(v -> v.of(max));
    }

    private static RecordShape<GuardConfig.LatencyLimits> latency() {
        RecordShape.Draft<GuardConfig.LatencyLimits> r =
                RecordShape.draft("latency", "Highest latency by quantile, within what the histogram can tell apart.");
        var p50 = r.key("p50", latencyLimit(), GuardConfig.LatencyLimits::p50)
                .optional()
                .doc("Half of the answers are faster.");
        var p90 = r.key("p90", latencyLimit(), GuardConfig.LatencyLimits::p90)
                .optional()
                .doc("Nine of ten answers are faster.");
        var p99 = r.key("p99", latencyLimit(), GuardConfig.LatencyLimits::p99)
                .optional()
                .doc("99 of 100 answers are faster.");
        var p999 = r.key("p99.9", latencyLimit(), GuardConfig.LatencyLimits::p999)
                .optional()
                .doc("999 of 1,000 answers are faster.");
        return r.makes(v -> new GuardConfig.LatencyLimits(v.orNull(p50), v.orNull(p90), v.orNull(p99), v.orNull(p999)));
    }

    private static Shape<Duration> latencyLimit() {
        return duration("1ms", LONGEST_LATENCY);
    }

    private static RecordShape<GuardConfig.Differences> differences() {
        RecordShape.Draft<GuardConfig.Differences> r = RecordShape.draft(
                "guardDifferences",
                "How many answers of a mirror's pool may differ from those that clients got, while a variant that runs"
                        + " the same is on trial.");
        var pool = r.key("pool", NameShape.referringTo(SplitShapes.POOL), GuardConfig.Differences::pool)
                .doc("Of one of the route's mirrors, which has a `compare`.");
        var variant = r.key("variant", NameShape.referringTo(SplitShapes.POOL), GuardConfig.Differences::variant)
                .doc("The variant that loses its traffic; one of the split, and not the stable one.");
        var max = r.key("max", percent("0%", "100%"), GuardConfig.Differences::maxPpm)
                .doc("Highest share of the compared answers that may differ beyond the noise.");
        var minCompared = r.key("minCompared", integer(1, 100_000_000), GuardConfig.Differences::minCompared)
                .byDefault("200")
                .doc("Answers in a row that are judged together. More: calmer and later.");
        return r.makes(v -> new GuardConfig.Differences(v.of(pool), v.of(variant), v.of(max), v.of(minCompared)));
    }

    private static RecordShape<GuardConfig.Comparison> compare() {
        RecordShape.Draft<GuardConfig.Comparison> r = RecordShape.draft(
                "compare",
                "What the comparison with stable tolerates: a canary is good enough while its error rate is at most"
                        + " `rho` times stable's plus `delta`.");
        var to = r.key("to", stableOnly(), c -> "stable").doc("What is compared with.");
        var rho = r.key("rho", decimal(1, 100), GuardConfig.Comparison::rho)
                .byDefault("1.1")
                .doc("Tolerated ratio of error rates.");
        var delta = r.key("delta", percent("0%", "50%"), GuardConfig.Comparison::deltaPpm)
                .byDefault("0.05%")
                .doc("Tolerated difference of error rates.");
        var dispersion = r.key("dispersion", decimal(1, 100), GuardConfig.Comparison::dispersion)
                .byDefault("1.5")
                .doc("How bursty errors are taken to be (1: not at all) while stable has one endpoint only; from two on"
                        + " it is measured.");
        return r.makes(v -> {
            if (!v.of(to).equals("stable")) {
                throw new AssertionError("the only choice is stable");
            }
            return new GuardConfig.Comparison(v.of(rho), v.of(delta), v.of(dispersion));
        });
    }

    private static ScalarShape<String> stableOnly() {
        var words = new LinkedHashMap<String, String>();
        words.put("stable", "stable");
        return ScalarShape.choice(words);
    }
}
