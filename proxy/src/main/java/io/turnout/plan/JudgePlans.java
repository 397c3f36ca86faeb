package io.turnout.plan;

import io.turnout.config.GuardConfig;
import io.turnout.config.GuardConfig.Comparison;
import io.turnout.config.GuardConfig.LatencyLimits;
import io.turnout.config.RouteConfig;
import io.turnout.judge.ConfidenceSequence;
import io.turnout.judge.Evidence.QuantileLimits;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.JudgePlan.Arms;
import io.turnout.judge.LatencyLimit;
import io.turnout.judge.Thresholds;
import io.turnout.model.LatencyScale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the {@code guard} block means to the judge. Stateless. */
public final class JudgePlans {
    private static final double PPM = 1_000_000;

    /** So many first requests that all fail never come. */
    private static final int NEVER = Integer.MAX_VALUE;

    /** What a new side may take longer than the old one in any case: less is noticed by nobody, and caches are cold. */
    private static final long SLACK_MICROS = 20_000;

    private JudgePlans() {}

    /** How variants are judged beside stable. */
    public static JudgePlan of(RouteConfig route, GuardConfig guard) {
        Comparison compare = guard.compare();
        JudgePlan byDefault = JudgePlan.DEFAULT;
        return new JudgePlan(
                compare == null ? JudgePlan.Comparison.OFF : JudgePlan.Comparison.ERRORS_AND_LATENCY,
                route.split().key() == null ? Arms.WEIGHTED : Arms.KEYED,
                compare == null ? byDefault.toleratedRatio() : compare.rho(),
                compare == null ? byDefault.toleratedExcess() : compare.deltaPpm() / PPM,
                byDefault.falseAlarmBudget(),
                errorLimit(guard),
                compare == null ? byDefault.singleHostDispersion() : compare.dispersion(),
                null,
                thresholds(guard),
                guard.catastrophe() ? byDefault.catastropheAfter() : NEVER);
    }

    /**
     * How a side is judged that got all traffic: nothing runs beside it, so what the old side did is the measure. The
     * error rate that is bad in itself is what the old side can have had at worst, with the tolerance on top; and where
     * the file compares and does not limit a quantile, its limit is twice what the old side took, and 20 ms more at least.
     *
     * @param pastErrors of the old side so far,
     * @param pastRequests among so many
     * @param pastLatency quantiles of the old side; empty when they are not known
     */
    public static JudgePlan afterSwitch(
            JudgePlan plan, GuardConfig guard, long pastErrors, long pastRequests, List<QuantileLimits> pastLatency) {
        double atWorst = ConfidenceSequence.of(pastErrors, pastRequests).upper();
        double tolerated = plan.toleratedRatio() * atWorst + plan.toleratedExcess();
        JudgePlan stricter = plan.withErrorLimit(Math.min(plan.errorLimit(), tolerated));
        return guard.compare() == null || pastLatency.isEmpty()
                ? stricter
                : stricter.withThresholds(withPast(guard, pastLatency));
    }

    private static Thresholds withPast(GuardConfig guard, List<QuantileLimits> past) {
        Integer max = guard.errorRateMaxPpm();
        List<LatencyLimit> limits = new ArrayList<>(limits(guard.latency()));
        for (QuantileLimits each : past) {
            String label = each.quantile().label();
            long micros = Math.max(2 * each.stableMicros(), each.stableMicros() + SLACK_MICROS);
            if (limits.stream().noneMatch(limit -> limit.label().equals(label)) && micros < LatencyScale.MAX_MICROS) {
                limits.add(new LatencyLimit(label, each.quantile().level(), micros));
            }
        }
        return new Thresholds(
                max == null ? null : max / PPM, limits, guard.window(), guard.minRequests(), guard.consecutive());
    }

    private static double errorLimit(GuardConfig guard) {
        Integer max = guard.errorRateMaxPpm();
        return max == null || max == 0 || max >= PPM ? JudgePlan.DEFAULT.errorLimit() : max / PPM;
    }

    private static @Nullable Thresholds thresholds(GuardConfig guard) {
        Integer max = guard.errorRateMaxPpm();
        if (max == null && guard.latency().isEmpty()) {
            return null;
        }
        return new Thresholds(
                max == null ? null : max / PPM,
                limits(guard.latency()),
                guard.window(),
                guard.minRequests(),
                guard.consecutive());
    }

    private static List<LatencyLimit> limits(LatencyLimits latency) {
        List<LatencyLimit> limits = new ArrayList<>();
        add(limits, "p50", .5, latency.p50());
        add(limits, "p90", .9, latency.p90());
        add(limits, "p99", .99, latency.p99());
        add(limits, "p99.9", .999, latency.p999());
        return limits;
    }

    private static void add(List<LatencyLimit> limits, String label, double level, @Nullable Duration limit) {
        if (limit != null) {
            limits.add(new LatencyLimit(label, level, limit.toNanos() / 1_000));
        }
    }
}
