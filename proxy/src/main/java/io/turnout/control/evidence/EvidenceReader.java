package io.turnout.control.evidence;

import io.turnout.judge.Judge;
import io.turnout.judge.Quantile;
import io.turnout.judge.TickSample;
import io.turnout.telemetry.VariantMeter.OverdueLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the counters of a canary and of the variant it is compared with, and tells the judge what is new, epoch by epoch:
 * so an answer counts under the weight its request was routed by, however late it comes.
 *
 * <p>Confined to the control thread. A look allocates a few iterators at most.
 */
public final class EvidenceReader {
    private static final long NANOS = 1_000;

    private final ArmReader canary;
    private final ArmReader stable;
    private final TickSample sample = new TickSample();
    private long trialEpoch;
    private long canaryAnswers;
    private boolean canaryWarming;
    private OverdueLimits canaryLimits = OverdueLimits.NONE;
    private OverdueLimits stableLimits = OverdueLimits.NONE;

    /** A reader that knows nothing of what was before. */
    public EvidenceReader(Arm canary, Arm stable) {
        this.canary = new ArmReader(canary);
        this.stable = new ArmReader(stable);
        beginTrial();
    }

    /** From now on, this is where to read. */
    public void follow(Arm nextCanary, Arm nextStable) {
        canary.follow(nextCanary);
        stable.follow(nextStable);
    }

    /**
     * From now on, answers of the canary to requests of epochs before the one in force are nobody's evidence: they are
     * what an earlier trial left behind.
     */
    public void beginTrial() {
        trialEpoch = canary.epochInForce();
    }

    /** Requests of the canary that ended since the look before, but for those whose client left. */
    public long canaryAnswers() {
        return canaryAnswers;
    }

    /**
     * Tells the judge what happened since the last call.
     *
     * @param elapsedNanos since the last call
     */
    public void tell(Judge judge, long nowNanos, long elapsedNanos) {
        canary.advance(nowNanos);
        stable.advance(nowNanos);
        canaryAnswers = 0;
        canaryWarming = canary.hosts().anyWarmsUp(nowNanos);
        tellEpochs(judge, elapsedNanos);
        limitOverdue(judge);
    }

    /** Walks both lists of epochs in step. */
    private void tellEpochs(Judge judge, long elapsedNanos) {
        List<EpochReader> ours = canary.epochs();
        List<EpochReader> theirs = stable.epochs();
        int c = 0;
        int s = 0;
        while (c < ours.size() || s < theirs.size()) {
            long epoch = Math.min(epochAt(ours, c), epochAt(theirs, s));
            EpochReader our = epochAt(ours, c) == epoch ? ours.get(c++) : null;
            EpochReader their = epochAt(theirs, s) == epoch ? theirs.get(s++) : null;
            boolean newest = c == ours.size() && s == theirs.size();
            if (newest || hasNews(our) || hasNews(their)) {
                begin(epoch, our, their, newest ? elapsedNanos : 0);
                if (newest) {
                    canary.hosts().tell(sample.canary().hosts());
                    stable.hosts().tell(sample.stable().hosts());
                }
                judge.tick(sample);
            }
        }
    }

    private static long epochAt(List<EpochReader> epochs, int index) {
        return index < epochs.size() ? epochs.get(index).epoch() : Long.MAX_VALUE;
    }

    private static boolean hasNews(@Nullable EpochReader epoch) {
        return epoch != null && epoch.hasNews();
    }

    private void begin(long epoch, @Nullable EpochReader our, @Nullable EpochReader their, long elapsedNanos) {
        boolean onTrial = epoch >= trialEpoch;
        sample.begin(onTrial ? weight(our, their) : 0, epoch, elapsedNanos);
        sample.canaryWarming(canaryWarming);
        if (our != null && onTrial) {
            our.tell(sample.canary(), canaryWarming ? EpochReader.Latency.LEFT_OUT : EpochReader.Latency.TOLD);
            canaryAnswers += sample.canary().requests();
        }
        if (their != null) {
            their.tell(sample.stable(), EpochReader.Latency.TOLD);
        }
    }

    /** The canary's share of what the two got in this epoch; 0 when neither got anything. */
    private static double weight(@Nullable EpochReader our, @Nullable EpochReader their) {
        double ours = our == null ? 0 : our.meter().share();
        double theirs = their == null ? 0 : their.meter().share();
        return ours == 0 ? 0 : ours / (ours + theirs);
    }

    /** Requests that take longer than what is tolerated count while they are awaited. */
    private void limitOverdue(Judge judge) {
        if (!judge.knowsLatency()) {
            return;
        }
        long canaryFirst = judge.canarySlowFromMicros(Quantile.P50) * NANOS;
        long canaryLast = judge.canarySlowFromMicros(Quantile.P99) * NANOS;
        if (canaryFirst != canaryLimits.firstNanos() || canaryLast != canaryLimits.thirdNanos()) {
            canaryLimits = new OverdueLimits(canaryFirst, judge.canarySlowFromMicros(Quantile.P90) * NANOS, canaryLast);
        }
        long stableFirst = judge.stableSlowFromMicros(Quantile.P50) * NANOS;
        long stableLast = judge.stableSlowFromMicros(Quantile.P99) * NANOS;
        if (stableFirst != stableLimits.firstNanos() || stableLast != stableLimits.thirdNanos()) {
            stableLimits = new OverdueLimits(stableFirst, judge.stableSlowFromMicros(Quantile.P90) * NANOS, stableLast);
        }
        canary.limit(canaryLimits);
        stable.limit(stableLimits);
    }

    /** Lets go of the meters: nothing is overdue any more. */
    public void close() {
        canary.limit(OverdueLimits.NONE);
        stable.limit(OverdueLimits.NONE);
    }

    /** What the stable arm did in the epochs in which it had traffic and that are still told apart. */
    public StablePast stablePast() {
        StablePast past = StablePast.NONE;
        for (EpochReader epoch : stable.epochs()) {
            if (epoch.meter().share() > 0) {
                past = past.and(StablePast.of(epoch.meter()));
            }
        }
        return past;
    }
}
