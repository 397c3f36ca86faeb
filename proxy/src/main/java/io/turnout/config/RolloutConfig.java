package io.turnout.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a canary from nothing to everything.
 *
 * @param canary the variant on trial, one of the split
 * @param steps at least one, their weights rising
 * @param control the last share kept by stable before 100 %
 * @param mirror what a mirror must have shown before the first step, or null for nothing
 */
public record RolloutConfig(
        String canary,
        List<Step> steps,
        Control control,
        @Nullable Mirror mirror) {
    public RolloutConfig {
        Require.text("rollout.canary", canary);
        steps = List.copyOf(steps);
        Require.atLeast("number of rollout.steps", steps.size(), 1);
        for (int i = 1; i < steps.size(); i++) {
            Require.atLeast("weight of step " + (i + 1), steps.get(i).weightPpm, steps.get(i - 1).weightPpm + 1L);
        }
    }

    /**
     * A rest on the way.
     *
     * @param weightPpm the canary's share in parts per million, 1 to 1,000,000
     * @param hold shortest stay
     * @param minRequests of the canary before the step may be left
     * @param approval whether a person must agree before the step is entered
     * @param gate asked before the step is entered, or null for none
     */
    public record Step(
            int weightPpm,
            Duration hold,
            int minRequests,
            boolean approval,
            @Nullable Gate gate) {
        public Step {
            Require.within("step weight", weightPpm, 1, 1_000_000);
            Require.notNegative("step hold", hold);
            Require.atLeast("step minRequests", minRequests, 0);
        }
    }

    /**
     * A service that is asked by POST; a 2xx answer opens.
     *
     * @param url http or https, without user information
     * @param timeout of one question
     * @param interval between two questions while the gate is shut
     */
    public record Gate(URI url, Duration timeout, Duration interval) {
        public Gate {
            Require.positive("gate timeout", timeout);
            Require.positive("gate interval", interval);
        }
    }

    /**
     * What a mirror of the route must have shown before the first step, and must not show later.
     *
     * @param pool the mirror's; its answers are compared
     * @param minCompared answers compared since the rollout was started
     * @param maxDifferentPpm share of them that may differ beyond the noise, in parts per million
     */
    public record Mirror(String pool, int minCompared, int maxDifferentPpm) {
        public Mirror {
            Require.text("rollout.mirror.pool", pool);
            Require.atLeast("rollout.mirror.minCompared", minCompared, 1);
            Require.ppm("rollout.mirror.maxDifferent", maxDifferentPpm);
        }
    }

    /**
     * The share that stable keeps for a while before a rollout ends at 100 %, so that there is still something to compare
     * with.
     *
     * @param weightPpm stable's share in parts per million
     * @param hold how long; zero for not at all
     */
    public record Control(int weightPpm, Duration hold) {
        public Control {
            Require.within("control weight", weightPpm, 1, 999_999);
            Require.notNegative("control hold", hold);
        }
    }
}
