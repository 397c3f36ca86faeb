package io.turnout.judge.plan;

import io.turnout.judge.Judge;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.Readiness;
import io.turnout.judge.TickSample;
import io.turnout.judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rollout on virtual time, judged by the real judge: requests arrive at an even pace, each takes an arm by a coin,
 * and a step ends when the judge says the canary is fine and the hold is over.
 *
 * <p>A coin is what the proof assumes; the proxy's own pick is more even. Mutable; confined to one thread.
 */
public final class Simulation {
    private static final double NANOS = 1e9;

    private final Scenario scenario;
    private final SplitMix random;
    private final Judge judge;
    private final SimulatedArm stable;
    private final SimulatedArm canary;
    private final TickSample sample = new TickSample();
    private double seconds;
    private double dueRequests;
    private long canaryRequests;
    private long canaryErrors;

    /** @param seed two simulations of the same scenario and seed are the same */
    public Simulation(JudgePlan plan, Scenario scenario, long seed) {
        this.scenario = scenario;
        random = new SplitMix(seed);
        judge = new Judge(plan);
        stable = new SimulatedArm(scenario.stable(), random.split());
        canary = new SimulatedArm(scenario.canary(), random.split());
    }

    /**
     * How a rollout ended.
     *
     * @param revert the verdict, or null when it was not reverted
     * @param stepsDone steps that ended with the canary shown to be fine
     * @param seconds virtual time from the first step on
     * @param canaryRequests answered by the canary
     * @param canaryErrors of those, the failed ones: what users noticed
     * @param stepSeconds length of each step begun
     */
    public record Ending(
            Verdict.@Nullable Revert revert,
            int stepsDone,
            double seconds,
            long canaryRequests,
            long canaryErrors,
            List<Double> stepSeconds) {

        public boolean reverted() {
            return revert != null;
        }
    }

    /** Runs to the end: reverted, all steps done, or a step over its time limit. To be called once. */
    public Ending run() {
        learnStable();
        var stepSeconds = new ArrayList<Double>();
        int done = 0;
        for (Scenario.PlannedStep step : scenario.steps()) {
            double begun = seconds;
            Verdict verdict = runStep(step, done + 1);
            stepSeconds.add(seconds - begun);
            if (verdict instanceof Verdict.Revert revert) {
                return new Ending(revert, done, seconds, canaryRequests, canaryErrors, stepSeconds);
            }
            if (verdict != Verdict.Standing.WATCHING) {
                break;
            }
            done++;
        }
        return new Ending(null, done, seconds, canaryRequests, canaryErrors, stepSeconds);
    }

    private Verdict runStep(Scenario.PlannedStep step, long epoch) {
        double begun = seconds;
        while (seconds - begun < scenario.stepLimitSeconds()) {
            Verdict verdict = advance(step.weight(), epoch);
            if (verdict instanceof Verdict.Revert) {
                return verdict;
            }
            boolean held = seconds - begun >= step.holdSeconds();
            if (held && (verdict == Verdict.Standing.WATCHING || step.end() == Scenario.End.CLOCK)) {
                return Verdict.Standing.WATCHING;
            }
        }
        return Verdict.Standing.HOLDING;
    }

    private Verdict tick(double weight, long epoch) {
        begin(weight, epoch);
        canary.pass(scenario.tickSeconds());
        stable.pass(scenario.tickSeconds());
        dueRequests += scenario.requestsPerSecond() * scenario.tickSeconds();
        for (; dueRequests >= 1; dueRequests--) {
            if (random.nextDouble() < weight) {
                canary.answer(sample.canary());
            } else {
                stable.answer(sample.stable());
            }
        }
        return judge.tick(sample);
    }

    /**
     * Lets one tick pass with the canary at this weight: for whoever decides about weights itself, in place of {@link #run}.
     *
     * @param weight the canary's share, 0 to 1
     * @param epoch rises with each change of the weight
     */
    public Verdict advance(double weight, long epoch) {
        seconds += scenario.tickSeconds();
        if (seconds > scenario.changeAtSeconds()) {
            canary.change(scenario.canaryLater());
        }
        Verdict verdict = tick(weight, epoch);
        canaryRequests += sample.canary().requests();
        canaryErrors += sample.canary().errors();
        return verdict;
    }

    /** What keeps the canary from being shown to be fine. */
    public Readiness readiness() {
        return judge.readiness();
    }

    /** Virtual time since stable was learnt. */
    public double seconds() {
        return seconds;
    }

    /** Answered by the canary so far. */
    public long canaryRequests() {
        return canaryRequests;
    }

    /** Of those, the failed ones. */
    public long canaryErrors() {
        return canaryErrors;
    }

    /** Watches stable alone for as long as the scenario says. To be called once, before the first {@link #advance}. */
    public void learnStable() {
        double ticks = scenario.stableBeforeSeconds() / scenario.tickSeconds();
        for (int i = 0; i < ticks; i++) {
            tick(0, 0);
        }
    }

    private void begin(double weight, long epoch) {
        sample.begin(weight, epoch, Math.round(scenario.tickSeconds() * NANOS));
        stable.arrange(sample.stable());
        canary.arrange(sample.canary());
    }
}
