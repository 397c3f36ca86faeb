package io.turnout.judge;

/**
 * Judges one canary beside stable from counts, tick by tick, with a promise: over a whole trial, all metrics, all
 * weights, however often it looks, the chance of reverting a canary that is not worse than tolerated is within the
 * plan's budget. Limits the user wrote, and the catastrophe rule, come on top and carry no such promise.
 *
 * <p>A trial is a rollout, or as long as one wants the promise to reach; {@link #beginTrial} starts another. What is
 * known of stable (latency quantiles, dispersion) outlives trials: feed samples of weight 0 before the first one.
 *
 * <p>Confined to the thread that ticks it. A tick allocates nothing, except when the weight changes or the canary is
 * reverted.
 */
public final class Judge {
    private JudgePlan plan;
    private Dispersion dispersion;
    private LatencyQuantiles past;
    private Trial trial;

    public Judge(JudgePlan plan) {
        this.plan = plan;
        dispersion = new Dispersion(plan.singleHostDispersion());
        past = new LatencyQuantiles();
        trial = new Trial(plan, dispersion, past);
    }

    /** Judges by another plan from now on. Evidence under one null hypothesis is none under another: a new trial. */
    public void configure(JudgePlan plan) {
        if (!plan.equals(this.plan)) {
            this.plan = plan;
            dispersion = new Dispersion(plan.singleHostDispersion());
            beginTrial();
        }
    }

    /** Forgets all evidence about the canary, and a revert; keeps what is known of stable. */
    public void beginTrial() {
        trial = new Trial(plan, dispersion, past);
    }

    /** Forgets stable too, for when stable is not the same as before; begins a trial. */
    public void forgetStable() {
        dispersion = new Dispersion(plan.singleHostDispersion());
        past = new LatencyQuantiles();
        beginTrial();
    }

    /** Starts the evidence for promotion anew; a change of weight does so by itself. */
    public void beginStep() {
        trial.beginStep();
    }

    /**
     * Takes one sample into account. With several samples per tick the last verdict counts, but a revert stays.
     *
     * @param sample read during the call only
     */
    public Verdict tick(TickSample sample) {
        return trial.tick(sample);
    }

    /** The verdict of the last tick. */
    public Verdict verdict() {
        return trial.verdict();
    }

    /** Answers of the canary in this trial. */
    public long canaryRequests() {
        return trial.canaryRequests();
    }

    /** Natural logarithm of the odds against the canary being as good as tolerated, all metrics together. */
    public double logWealth() {
        return trial.logWealth();
    }

    /** What the next step lacks; allocates. */
    public Readiness readiness() {
        return trial.readiness();
    }

    /** All that is known; allocates. */
    public Evidence evidence() {
        return trial.evidence();
    }

    /** Whether limits for latency exist; before, no answer of the canary can be called slow. */
    public boolean knowsLatency() {
        return past.known();
    }

    /** From how many microseconds on a canary answer counts as slow; meaningless before {@link #knowsLatency}. */
    public long canarySlowFromMicros(Quantile quantile) {
        return past.canaryMicros(quantile);
    }

    /** From how many microseconds on a stable answer counts as slow; meaningless before {@link #knowsLatency}. */
    public long stableSlowFromMicros(Quantile quantile) {
        return past.stableMicros(quantile);
    }
}
