package io.turnout.control;

import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.VariantEvidence;
import io.turnout.adminapi.VariantEvidence.LatencyLimit;
import io.turnout.adminapi.VariantEvidence.Metric;
import io.turnout.adminapi.VariantEvidence.Rate;
import io.turnout.control.state.RouteOverride;
import io.turnout.judge.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a guard knows, as the API shows it. Stateless. */
final class GuardViews {
    /** From the best state to the one that matters most. */
    private static final List<String> BY_WEIGHT =
            List.of(GuardStatus.WATCHING, GuardStatus.HOLDING, GuardStatus.REVERTED, GuardStatus.SHARED_INCIDENT);

    private GuardViews() {}

    /** What is known of a route now. */
    static RouteEvidence of(String route, RouteGuard guard, long nowNanos) {
        if (guard.isSwitchTrusted(nowNanos)) {
            return new RouteEvidence(route, GuardStatus.OFF, "the watch after the switch is over", List.of());
        }
        List<VariantEvidence> variants = guard.variants().stream()
                .map(variant -> variant(variant, guard.details(variant)))
                .toList();
        String state = GuardStatus.WATCHING;
        String text = variants.isEmpty() ? "no variant on trial has traffic" : "";
        for (VariantEvidence variant : variants) {
            if (text.isEmpty() || BY_WEIGHT.indexOf(variant.state()) > BY_WEIGHT.indexOf(state)) {
                state = variant.state();
                text = variant.pool() + ": " + variant.text();
            }
        }
        return new RouteEvidence(route, state, text, variants);
    }

    /**
     * The status of a route's guard. That a variant was reverted is kept with the override, so it is told after a restart
     * too.
     *
     * @param known of the route, or null if nothing is judged
     * @param override in force, or null
     */
    static GuardStatus status(@Nullable RouteEvidence known, @Nullable RouteOverride override) {
        List<GuardStatus.Variant> variants = new ArrayList<>();
        if (known != null) {
            known.variants().forEach(one -> variants.add(new GuardStatus.Variant(one.pool(), one.state(), one.text())));
        }
        GuardStatus looked = known == null
                ? new GuardStatus(GuardStatus.OFF, "", variants)
                : new GuardStatus(known.state(), known.text(), variants);
        return override != null && !override.reverted().isEmpty() ? reverted(looked, override) : looked;
    }

    private static GuardStatus reverted(GuardStatus looked, RouteOverride override) {
        List<GuardStatus.Variant> variants = new ArrayList<>(looked.variants());
        String why = Objects.requireNonNullElse(override.reason(), "");
        for (String pool : override.reverted()) {
            variants.removeIf(variant -> variant.pool().equals(pool));
            variants.add(new GuardStatus.Variant(pool, GuardStatus.REVERTED, why));
        }
        return looked.state().equals(GuardStatus.SHARED_INCIDENT)
                ? new GuardStatus(looked.state(), looked.text(), variants)
                : new GuardStatus(GuardStatus.REVERTED, why, variants);
    }

    private static VariantEvidence variant(VariantGuard guard, String details) {
        Evidence evidence = guard.evidence();
        return new VariantEvidence(
                guard.pool(),
                guard.against(),
                guard.state(),
                guard.text(),
                evidence.weight(),
                evidence.elapsedNanos() / 1e9,
                odds(evidence.logWealth()),
                odds(evidence.logLimit()),
                evidence.anytimeP(),
                rate(evidence.canary()),
                rate(evidence.stable()),
                evidence.toleratedRatio(),
                evidence.toleratedExcess(),
                evidence.metrics().stream().map(GuardViews::metric).toList(),
                evidence.quantiles().stream().map(GuardViews::limit).toList(),
                evidence.dispersion(),
                evidence.stableHosts(),
                details);
    }

    private static double odds(double log) {
        return Math.min(VariantEvidence.MOST, Math.exp(log));
    }

    private static Rate rate(Evidence.Rate rate) {
        return new Rate(
                rate.hits(),
                rate.trials(),
                rate.share(),
                rate.bounds().lower(),
                rate.bounds().upper());
    }

    private static Metric metric(Evidence.MetricEvidence metric) {
        String quantile = metric.quantile() == null ? null : metric.quantile().label();
        return new Metric(metric.label(), odds(metric.logWealth()), quantile, metric.ratio());
    }

    private static LatencyLimit limit(Evidence.QuantileLimits limits) {
        return new LatencyLimit(limits.quantile().label(), limits.stableMicros() / 1e3, limits.canaryMicros() / 1e3);
    }
}
