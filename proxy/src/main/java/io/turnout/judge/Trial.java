package io.turnout.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The evidence about one canary since its trial began, and the verdict it leads to.
 *
 * <p>Confined to the thread that ticks its judge. Allocates when built, at a step, at a revert, and for reports.
 */
final class Trial {
    private static final long MIN_CANARY_ERRORS = 5;
    private static final long MIN_CANARY_ANSWERS = 20;

    private final JudgePlan plan;
    private final Dispersion dispersion;
    private final LatencyQuantiles past;
    private final double logLimit;
    private final ErrorComparison errors;
    private final @Nullable ErrorComparison third;
    private final @Nullable LatencyComparison latency;
    private final Metric[] metrics;
    private final double[] logParts;
    private final double[] logWealths;
    private final Incident incident;
    private final Catastrophe catastrophe;
    private final @Nullable SlidingThresholds canaryWindow;
    private final @Nullable SlidingThresholds stableWindow;
    private final ShareSanity shareSanity = new ShareSanity();
    private final Step step;

    private double weight;
    private int stableHosts;
    private long elapsedNanos;
    private long canaryRequests;
    private long canaryErrors;
    private long canaryFlagged;
    private long stableRequests;
    private long stableErrors;
    private double logWealth;
    private double logPeak;
    private Verdict verdict = Verdict.Standing.HOLDING;

    Trial(JudgePlan plan, Dispersion dispersion, LatencyQuantiles past) {
        this.plan = plan;
        this.dispersion = dispersion;
        this.past = past;
        logLimit = -Math.log(plan.falseAlarmBudget());
        errors = new ErrorComparison(plan, dispersion);
        boolean compared = plan.comparison() != JudgePlan.Comparison.OFF;
        third = compared && plan.thirdMetric() != null ? new ErrorComparison(plan, dispersion) : null;
        latency = plan.comparison() == JudgePlan.Comparison.ERRORS_AND_LATENCY
                ? new LatencyComparison(plan.arms(), past)
                : null;
        metrics = metricsInUse();
        logParts = metrics.length == 0 ? new double[0] : Combination.logParts(metrics.length);
        logWealths = new double[metrics.length];
        incident = new Incident(plan.errorLimit(), logLimit);
        catastrophe = new Catastrophe(plan.catastropheAfter());
        canaryWindow = plan.thresholds() == null ? null : new SlidingThresholds(plan.thresholds());
        stableWindow = plan.thresholds() == null ? null : new SlidingThresholds(plan.thresholds());
        boolean timed = latency != null
                || (plan.thresholds() != null && !plan.thresholds().latency().isEmpty());
        step = new Step(errors, third, latency, past, compared, timed);
    }

    Verdict tick(TickSample sample) {
        if (verdict instanceof Verdict.Revert) {
            return verdict;
        }
        weight = sample.weight();
        step.add(sample);
        count(sample);
        bet(sample);
        hold(sample);
        verdict = judge();
        return verdict;
    }

    Verdict verdict() {
        return verdict;
    }

    long canaryRequests() {
        return canaryRequests;
    }

    double logWealth() {
        return logWealth;
    }

    void beginStep() {
        step.restart();
    }

    Readiness readiness() {
        return step.readiness(logWealth, isIncident());
    }

    private Metric[] metricsInUse() {
        var inUse = new ArrayList<Metric>();
        if (plan.comparison() != JudgePlan.Comparison.OFF) {
            inUse.add(Metric.ERRORS);
        }
        if (latency != null) {
            inUse.add(Metric.LATENCY);
        }
        if (third != null) {
            inUse.add(Metric.THIRD);
        }
        return inUse.toArray(Metric[]::new);
    }

    private void count(TickSample sample) {
        stableHosts = sample.stable().hosts().size();
        if (sample.weight() <= 0 && canaryRequests == 0) {
            return;
        }
        elapsedNanos += sample.elapsedNanos();
        canaryRequests += sample.canary().requests();
        canaryErrors += sample.canary().errors();
        canaryFlagged += sample.canary().flagged();
        stableRequests += sample.stable().requests();
        stableErrors += sample.stable().errors();
    }

    /** Settles all bets, then lets this tick become past. */
    private void bet(TickSample sample) {
        errors.add(sample, sample.canary().errors(), sample.stable().errors());
        if (third != null) {
            third.add(sample, sample.canary().flagged(), sample.stable().flagged());
        }
        if (latency != null) {
            latency.add(sample);
        }
        for (int m = 0; m < metrics.length; m++) {
            logWealths[m] = logWealth(metrics[m]);
        }
        logWealth = metrics.length == 0 ? 0 : Combination.logTotal(logParts, logWealths);
        logPeak = Math.max(logPeak, logWealth);
        dispersion.learn(sample.stable().hosts(), sample.elapsedSeconds());
        if (plan.arms() == JudgePlan.Arms.WEIGHTED) {
            shareSanity.add(
                    sample.weight(), sample.canary().routed(), sample.stable().routed());
        }
    }

    /** Holds each arm by itself against limits. */
    private void hold(TickSample sample) {
        incident.add(sample);
        catastrophe.add(sample);
        if (canaryWindow != null && stableWindow != null) {
            canaryWindow.add(sample.canary(), sample.elapsedNanos());
            stableWindow.add(sample.stable(), sample.elapsedNanos());
        }
    }

    private Verdict judge() {
        if (logWealth >= logLimit && restsOnEnough(blamed())) {
            return revert(blame());
        }
        if (catastrophe.struck()) {
            return revert(new Cause.Catastrophe(catastrophe.failed()));
        }
        if (isIncident()) {
            return Verdict.Standing.SHARED_INCIDENT;
        }
        if (canaryWindow != null && canaryWindow.breached()) {
            return revert(Objects.requireNonNull(canaryWindow.describeBreach()));
        }
        if (weight >= 1 && incident.canaryIsBad() && canaryErrors >= MIN_CANARY_ERRORS) {
            return revert(new Cause.Absolute(plan.errorLimit()));
        }
        return step.isReady(logWealth) ? Verdict.Standing.WATCHING : Verdict.Standing.HOLDING;
    }

    private boolean isIncident() {
        return incident.running() || (breached(canaryWindow) && breached(stableWindow));
    }

    private static boolean breached(@Nullable SlidingThresholds window) {
        return window != null && window.breached();
    }

    private Verdict revert(Cause cause) {
        return new Verdict.Revert(cause, evidence());
    }

    /** The metric that holds most of the money. */
    private Metric blamed() {
        int most = 0;
        for (int m = 1; m < metrics.length; m++) {
            if (logParts[m] + logWealths[m] > logParts[most] + logWealths[most]) {
                most = m;
            }
        }
        return metrics[most];
    }

    private Cause blame() {
        Metric metric = blamed();
        return new Cause.Comparison(metric, latency == null ? Quantile.P50 : latency.leader(), ratio(metric));
    }

    private boolean restsOnEnough(Metric metric) {
        return switch (metric) {
            case ERRORS -> canaryErrors >= MIN_CANARY_ERRORS;
            case LATENCY -> latency != null && latency.canaryAnswers() >= MIN_CANARY_ANSWERS;
            case THIRD -> canaryFlagged >= MIN_CANARY_ERRORS;
        };
    }

    private double logWealth(Metric metric) {
        return switch (metric) {
            case ERRORS -> errors.bet().wealth().logTotal();
            case LATENCY -> Objects.requireNonNull(latency).logWealth();
            case THIRD -> Objects.requireNonNull(third).bet().wealth().logTotal();
        };
    }

    private double ratio(Metric metric) {
        return switch (metric) {
            case ERRORS -> errors.bet().bestRatio();
            case LATENCY -> {
                LatencyComparison compared = Objects.requireNonNull(latency);
                yield compared.bet(compared.leader()).bestOddsRatio();
            }
            case THIRD -> Objects.requireNonNull(third).bet().bestRatio();
        };
    }

    Evidence evidence() {
        var parts = new ArrayList<Evidence.MetricEvidence>();
        for (int m = 0; m < metrics.length; m++) {
            parts.add(new Evidence.MetricEvidence(
                    metrics[m],
                    label(metrics[m]),
                    logWealths[m],
                    Math.exp(logParts[m]),
                    metrics[m] == Metric.LATENCY && latency != null ? latency.leader() : null,
                    ratio(metrics[m])));
        }
        return new Evidence(
                weight,
                elapsedNanos,
                logWealth,
                logPeak,
                logLimit,
                plan.falseAlarmBudget(),
                plan.toleratedRatio(),
                plan.toleratedExcess(),
                Evidence.Rate.of(canaryErrors, canaryRequests),
                Evidence.Rate.of(stableErrors, stableRequests),
                parts,
                quantileLimits(),
                dispersion.stable(),
                stableHosts,
                List.of(incident.logCanaryWealth(), incident.logStableWealth()),
                shareSanity.logOdds());
    }

    private String label(Metric metric) {
        String own = plan.thirdMetric();
        return metric == Metric.THIRD && own != null ? own : metric.label();
    }

    private List<Evidence.QuantileLimits> quantileLimits() {
        var limits = new ArrayList<Evidence.QuantileLimits>();
        if (past.known()) {
            for (Quantile quantile : Quantile.values()) {
                limits.add(new Evidence.QuantileLimits(
                        quantile, past.stableMicros(quantile), past.canaryMicros(quantile)));
            }
        }
        return limits;
    }
}
