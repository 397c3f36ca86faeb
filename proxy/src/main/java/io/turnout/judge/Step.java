package io.turnout.judge;

import io.turnout.judge.Readiness.Missing;
import io.turnout.judge.Readiness.Need;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The evidence for promotion at the present weight, and what it still lacks.
 *
 * <p>Confined to the thread that ticks its judge. Allocates when a step begins and for reports.
 */
final class Step {
    private static final double LOG_PROOF = Math.log(20);
    private static final double LOG_SUSPICION = Math.log(10);
    private static final long MIN_CANARY_REQUESTS = 50;
    private static final long DWELL_NANOS = 30_000_000_000L;

    private final ErrorComparison errors;
    private final @Nullable ErrorComparison third;
    private final @Nullable LatencyComparison latency;
    private final LatencyQuantiles past;
    private final boolean compared;
    private final boolean timed;
    private final RequestRate canaryRate = new RequestRate();
    private double weight = Double.NaN;
    private long epoch = Long.MIN_VALUE;
    private long canaryRequests;
    private long elapsedNanos;
    private boolean warming;

    /**
     * @param compared whether stable is compared with at all; if not, requests and time are all it takes
     * @param timed whether latency is compared or limited, so that a canary that warms up has not been seen yet
     */
    Step(
            ErrorComparison errors,
            @Nullable ErrorComparison third,
            @Nullable LatencyComparison latency,
            LatencyQuantiles past,
            boolean compared,
            boolean timed) {
        this.errors = errors;
        this.third = third;
        this.latency = latency;
        this.past = past;
        this.compared = compared;
        this.timed = timed;
    }

    /** To be called before the bets settle the sample, so that a new weight finds new bets. */
    void add(TickSample sample) {
        elapsedNanos += sample.elapsedNanos();
        if (sample.epoch() < epoch) {
            return;
        }
        epoch = sample.epoch();
        if (sample.weight() != weight) {
            weight = sample.weight();
            restart();
        }
        canaryRequests += sample.canary().requests();
        canaryRate.add(sample.canary().requests(), sample.elapsedSeconds());
        warming = timed && sample.isCanaryWarming();
    }

    /** Begins anew at the present weight. */
    void restart() {
        canaryRequests = 0;
        elapsedNanos = 0;
        canaryRate.restart();
        errors.beginStep(weight, epoch);
        if (third != null) {
            third.beginStep(weight, epoch);
        }
        if (latency != null) {
            latency.beginStep(epoch);
        }
    }

    /** Whether nothing is missing, apart from the absence of an incident. */
    boolean isReady(double logWealth) {
        return canaryRequests >= MIN_CANARY_REQUESTS
                && elapsedNanos >= DWELL_NANOS
                && !warming
                && logWealth < LOG_SUSPICION
                && (!isComparable() || isShownFine());
    }

    /** What is missing, in the order in which it matters. */
    Readiness readiness(double logWealth, boolean incident) {
        var missing = new ArrayList<Missing>();
        if (incident) {
            missing.add(open(Need.NO_INCIDENT, "both sides are failing"));
        }
        if (logWealth >= LOG_SUSPICION) {
            missing.add(open(Need.LESS_SUSPICION, "suspicion " + Words.odds(logWealth) + " must fall below 10:1"));
        }
        if (canaryRequests < MIN_CANARY_REQUESTS) {
            missing.add(requests(Need.CANARY_REQUESTS, (double) (MIN_CANARY_REQUESTS - canaryRequests), ""));
        }
        if (elapsedNanos < DWELL_NANOS) {
            double seconds = (DWELL_NANOS - elapsedNanos) / 1e9;
            missing.add(new Missing(Need.DWELL, 0, seconds, Words.duration(seconds) + " more at this weight"));
        }
        if (warming) {
            missing.add(open(Need.WARM_UP, "the canary is warming up"));
        }
        if (isComparable()) {
            addEvidence(missing);
        }
        return new Readiness(missing);
    }

    private boolean isComparable() {
        return compared && weight < 1;
    }

    private boolean isShownFine() {
        return proves(errors.promotion()) && (third == null || proves(third.promotion())) && isShownFast();
    }

    private boolean isShownFast() {
        return latency == null || (proves(latency.promotion(Quantile.P90)) && proves(latency.promotion(Quantile.P99)));
    }

    private static boolean proves(PromotionBet bet) {
        return bet.wealth().logTotal() >= LOG_PROOF;
    }

    private void addEvidence(List<Missing> missing) {
        addEvidence(missing, Need.ERROR_EVIDENCE, errors.promotion(), "error rate");
        if (third != null) {
            addEvidence(missing, Need.THIRD_EVIDENCE, third.promotion(), "third metric");
        }
        if (latency == null) {
            return;
        }
        if (!past.known()) {
            long answers = past.answersMissing();
            missing.add(open(Need.STABLE_LATENCY, Words.count(answers) + " more stable answers to know its latency"));
            return;
        }
        addEvidence(missing, Need.LATENCY_EVIDENCE, latency.promotion(Quantile.P90), "p90 latency");
        addEvidence(missing, Need.LATENCY_EVIDENCE, latency.promotion(Quantile.P99), "p99 latency");
    }

    private void addEvidence(List<Missing> missing, Need need, PromotionBet bet, String what) {
        if (!proves(bet)) {
            String odds =
                    " (" + what + " shown fine at " + Words.odds(bet.wealth().logTotal()) + " of 20:1)";
            missing.add(requests(need, bet.canaryRequestsUntil(LOG_PROOF, weight), odds));
        }
    }

    private Missing requests(Need need, double count, String because) {
        if (Double.isInfinite(count)) {
            return open(need, "better answers: more like these will not do" + because);
        }
        double rate = canaryRate.perSecond();
        if (rate <= 0) {
            String text = Words.count((long) count) + " more canary requests, and none are coming" + because;
            return new Missing(need, count, Double.POSITIVE_INFINITY, text);
        }
        double seconds = count / rate;
        String text = Words.count((long) count) + " more canary requests, about " + Words.duration(seconds)
                + " at this rate" + because;
        return new Missing(need, count, seconds, text);
    }

    private static Missing open(Need need, String text) {
        return new Missing(need, 0, Double.POSITIVE_INFINITY, text);
    }
}
