package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The bets against reference values computed with 60 digits. {@code -Dturnout.vectors=FILE} adds a file of the same
 * format.
 */
class VectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> agreesWithTheReferenceVectors() throws IOException {
        try (InputStream in = VectorsTest.class.getResourceAsStream("/canary_vectors.json")) {
            return tests(JSON.readTree(Objects.requireNonNull(in)));
        }
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheVectorsOfAnExtraFile() throws IOException {
        @Nullable String file = System.getProperty("turnout.vectors");
        return file == null ? Stream.empty() : tests(JSON.readTree(Files.readAllBytes(Path.of(file))));
    }

    private static Stream<DynamicTest> tests(JsonNode root) {
        var tests = new ArrayList<DynamicTest>();
        for (JsonNode vector : root.get("vectors")) {
            tests.add(DynamicTest.dynamicTest(vector.get("name").asString(), () -> check(vector)));
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static void check(JsonNode vector) {
        switch (vector.get("kind").asString()) {
            case "error_relative", "error_relative_nb" -> checkErrors(vector);
            case "latency_exceedance" -> checkLatency(vector);
            case "absolute" -> checkAbsolute(vector);
            case "promotion" -> checkPromotion(vector);
            case "beta_binomial_cs" -> checkBounds(vector);
            case "combine" -> checkCombination(vector);
            case "srm" -> checkShare(vector);
            default -> throw new AssertionError("unknown kind of vector: " + vector.get("kind"));
        }
    }

    private static void checkErrors(JsonNode vector) {
        JsonNode params = vector.get("params");
        var bet = new ErrorBet(number(params, "rho"), number(params, "delta"), experts(params, "lambda_over_rho"));
        double canaryDispersion = params.has("phi_c") ? number(params, "phi_c") : 1;
        double stableDispersion = params.has("phi_s") ? number(params, "phi_s") : 1;
        checkIntervals(vector, bet.wealth(), at -> {
            bet.wealth().pass(seconds(at));
            bet.settle(
                    number(at, "w"),
                    whole(at, "n"),
                    whole(at, "xc"),
                    whole(at, "xs"),
                    canaryDispersion,
                    stableDispersion);
        });
    }

    private static void checkLatency(JsonNode vector) {
        JsonNode params = vector.get("params");
        var bet = new LatencyBet(number(params, "q"), experts(params, "odds_ratios"));
        checkIntervals(vector, bet.wealth(), at -> {
            bet.wealth().pass(seconds(at));
            bet.settle(number(at, "w"), whole(at, "nc"), whole(at, "yc"), whole(at, "ns"), whole(at, "ys"));
        });
    }

    private static void checkAbsolute(JsonNode vector) {
        JsonNode params = vector.get("params");
        var bet = new AbsoluteBet(number(params, "p0"), experts(params, "p1"), Double.POSITIVE_INFINITY);
        checkIntervals(vector, bet.wealth(), at -> {
            bet.wealth().pass(seconds(at));
            bet.settle(whole(at, "nc"), whole(at, "xc"));
        });
    }

    private static void checkPromotion(JsonNode vector) {
        JsonNode params = vector.get("params");
        var bet = new PromotionBet(number(params, "rho"), number(params, "delta"), experts(params, "A"));
        checkIntervals(vector, bet.wealth(), at -> {
            bet.wealth().pass(seconds(at));
            bet.settle(number(at, "w"), whole(at, "n"), whole(at, "xc"), whole(at, "xs"));
        });
    }

    private static void checkBounds(JsonNode vector) {
        JsonNode params = vector.get("params");
        assertThat(List.of(number(params, "a"), number(params, "b"))).containsExactly(0.5, 0.5);
        var bounds = ConfidenceSequence.of(whole(vector, "x"), whole(vector, "n"), number(params, "alpha"));
        assertClose(bounds.lower(), decimal(vector.get("expected_lower")), "lower bound");
        assertClose(bounds.upper(), decimal(vector.get("expected_upper")), "upper bound");
    }

    private static void checkCombination(JsonNode vector) {
        double[] logParts = doubles(vector.get("params").get("weights")).stream()
                .mapToDouble(Math::log)
                .toArray();
        double[] logWealths =
                doubles(vector.get("log_e")).stream().mapToDouble(v -> v).toArray();
        assertClose(Combination.logTotal(logParts, logWealths), decimal(vector.get("expected_log_e_final")), "total");
    }

    private static void checkShare(JsonNode vector) {
        double odds = ShareSanity.logOdds(whole(vector, "nc"), whole(vector, "n"), number(vector, "w"));
        assertClose(odds, decimal(vector.get("expected_log_e_final")), "odds against the share");
    }

    private interface Interval {
        void settle(JsonNode interval);
    }

    private static void checkIntervals(JsonNode vector, Wealth wealth, Interval bet) {
        double logThreshold = Math.log(number(vector.get("params"), "threshold"));
        JsonNode expected = vector.get("expected_log_e");
        int index = 0;
        int crossing = -1;
        for (JsonNode interval : vector.get("intervals")) {
            bet.settle(interval);
            assertClose(wealth.logTotal(), decimal(expected.get(index)), "interval " + index);
            crossing = crossing < 0 && wealth.logTotal() >= logThreshold ? index : crossing;
            index++;
        }
        assertThat(index).isEqualTo(expected.size());
        assertClose(wealth.logTotal(), decimal(vector.get("expected_log_e_final")), "end");
        JsonNode first = vector.get("first_crossing_index");
        assertThat(crossing).as("first crossing").isEqualTo(first.isNull() ? -1 : first.asInt());
    }

    private static Experts experts(JsonNode params, String values) {
        double[] alternatives =
                doubles(params.get(values)).stream().mapToDouble(v -> v).toArray();
        double[] priors = doubles(params.get("prior_weights")).stream()
                .mapToDouble(v -> v)
                .toArray();
        double cash = params.has("cash0") ? number(params, "cash0") : 0;
        double life = params.has("tau_s") ? number(params, "tau_s") : 0;
        return new Experts(alternatives, priors, cash, life > 0 ? life : Double.POSITIVE_INFINITY);
    }

    private static double seconds(JsonNode interval) {
        return interval.has("dt") ? number(interval, "dt") : 0;
    }

    private static double number(JsonNode node, String name) {
        return node.get(name).asDouble();
    }

    private static long whole(JsonNode node, String name) {
        return node.get(name).asLong();
    }

    private static double decimal(JsonNode node) {
        return new BigDecimal(node.asString()).doubleValue();
    }

    private static List<Double> doubles(JsonNode array) {
        var values = new ArrayList<Double>();
        array.forEach(value -> values.add(value.asDouble()));
        return values;
    }

    private static void assertClose(double found, double expected, String what) {
        assertThat(found).as(what).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
    }
}
