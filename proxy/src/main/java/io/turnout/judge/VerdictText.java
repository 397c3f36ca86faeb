package io.turnout.judge;

import io.turnout.judge.Evidence.MetricEvidence;
import io.turnout.judge.Evidence.Rate;
import java.util.Locale;

/** Puts a verdict and its evidence into words for log, audit, webhook, status and console. Stateless. */
public final class VerdictText {
    /** Below this, evidence is not worth the name. */
    private static final double LOG_NO_EVIDENCE = Math.log(3);

    private VerdictText() {}

    /** Why the canary of this route was reverted: a heading and two lines of evidence. */
    public static String reverted(String route, Verdict.Revert revert) {
        Evidence evidence = revert.evidence();
        var text = new StringBuilder("REVERTED ").append(route);
        text.append(" at weight ").append(Words.weight(evidence.weight()));
        text.append(" after ").append(Words.count(evidence.canary().trials())).append(" canary requests, ");
        text.append(Words.duration(evidence.elapsedNanos() / 1e9)).append(".  ");
        text.append(heading(revert.cause(), evidence)).append('\n');
        return text.append(details(evidence)).toString();
    }

    /** The cause in one sentence, for an event or a table. */
    public static String cause(Verdict.Revert revert) {
        Evidence evidence = revert.evidence();
        if (revert.cause() instanceof Cause.Comparison comparison && comparison.metric() == Metric.ERRORS) {
            Rate canary = evidence.canary();
            Rate stable = evidence.stable();
            return "canary " + fraction(canary) + " errors = " + percent(canary) + " (95 % CS " + bounds(canary)
                    + ") against stable " + fraction(stable) + " = " + percent(stable) + "; odds "
                    + Words.odds(evidence.logWealth());
        }
        return heading(revert.cause(), evidence);
    }

    /** The two lines of evidence: errors, then everything else. */
    public static String details(Evidence evidence) {
        var text = new StringBuilder("  errors   canary ");
        text.append(withBounds(evidence.canary(), "95 % CS "));
        text.append("   stable ").append(withBounds(evidence.stable(), ""));
        for (MetricEvidence metric : evidence.metrics()) {
            if (metric.metric() == Metric.ERRORS) {
                text.append("   best-fitting ratio ").append(ratio(metric.ratio()));
                text.append(", tolerated ").append(tolerated(evidence));
            }
        }
        text.append("\n ");
        for (MetricEvidence metric : evidence.metrics()) {
            if (metric.metric() != Metric.ERRORS) {
                text.append(' ').append(other(metric)).append("  ");
            }
        }
        text.append(" dispersion ").append(Words.decimals(evidence.dispersion(), 1));
        text.append(" (").append(evidence.stableHosts());
        text.append(evidence.stableHosts() == 1 ? " stable host)" : " stable hosts)");
        text.append("   users affected: ").append(Words.count(evidence.canary().hits()));
        text.append(evidence.canary().hits() == 1 ? " failed request" : " failed requests");
        return text.toString();
    }

    private static String heading(Cause cause, Evidence evidence) {
        if (cause instanceof Cause.Comparison) {
            return "evidence " + Words.odds(evidence.logWealth()) + " (limit " + Words.odds(evidence.logLimit())
                    + ", false-alarm budget " + Words.weight(evidence.falseAlarmBudget()) + " per rollout)";
        }
        if (cause instanceof Cause.Absolute absolute) {
            return "evidence " + Words.odds(evidence.incidentLogOdds().get(0)) + " that more than "
                    + Words.weight(absolute.limit()) + " of the canary's requests fail, with no stable arm beside it";
        }
        if (cause instanceof Cause.ErrorRate rate) {
            return "error rate " + rate.errors() + "/" + rate.requests() + " = "
                    + Words.weight((double) rate.errors() / rate.requests()) + " within "
                    + Words.duration(rate.window().toMillis() / 1e3) + " (limit " + Words.weight(rate.limit()) + ")";
        }
        if (cause instanceof Cause.Latency latency) {
            return latency.limit().label() + " " + Words.micros(latency.micros()) + " over " + latency.answers()
                    + " answers within " + Words.duration(latency.window().toMillis() / 1e3) + " (limit "
                    + Words.micros(latency.limit().micros()) + ")";
        }
        if (cause instanceof Cause.Catastrophe catastrophe) {
            return "all of its first " + catastrophe.requests() + " requests failed";
        }
        throw new AssertionError(cause);
    }

    private static String other(MetricEvidence metric) {
        String odds = Words.odds(metric.logWealth());
        if (metric.logWealth() < LOG_NO_EVIDENCE) {
            return pad(metric.label()) + " no evidence (" + odds + ")";
        }
        String at = metric.quantile() == null ? "" : " at " + metric.quantile().label();
        String kind = metric.metric() == Metric.LATENCY ? "odds of being slow " : "best-fitting ratio ";
        return pad(metric.label()) + " " + odds + at + ", " + kind + ratio(metric.ratio());
    }

    private static String pad(String label) {
        return String.format(Locale.ROOT, "%-8s", label);
    }

    private static String tolerated(Evidence evidence) {
        String ratio = Words.decimals(evidence.toleratedRatio(), 1) + "x";
        double excess = evidence.toleratedExcess();
        return excess == 0 ? ratio : ratio + " + " + Words.points(excess) + " pp";
    }

    private static String ratio(double ratio) {
        return Words.decimals(ratio, ratio < 9.95 ? 1 : 0) + "x";
    }

    private static String withBounds(Rate rate, String label) {
        if (rate.trials() == 0) {
            return "none";
        }
        return fraction(rate) + " = " + percent(rate) + " (" + label + bounds(rate) + ")";
    }

    private static String fraction(Rate rate) {
        return rate.hits() + "/" + rate.trials();
    }

    private static String percent(Rate rate) {
        return Words.decimals(rate.share() * 100, Words.percentDigits(rate.share())) + " %";
    }

    private static String bounds(Rate rate) {
        int digits = Words.percentDigits(rate.share());
        return Words.decimals(rate.bounds().lower() * 100, digits) + "-"
                + Words.decimals(rate.bounds().upper() * 100, digits);
    }
}
