package io.turnout.control;

import io.turnout.config.GuardConfig;
import io.turnout.config.RolloutConfig;
import io.turnout.control.state.RouteRollout;
import io.turnout.plan.RolloutPlans;
import io.turnout.rollout.RolloutEvent;
import io.turnout.rollout.RolloutMachine;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Transition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rollout of one route while it runs: the state machine, and what is known beyond the journal. Confined to the control
 * thread.
 */
final class LiveRollout {
    private final String route;
    private final RolloutConfig config;
    private final String stable;
    private final RolloutPlan plan;
    private final RolloutMachine machine;
    private final String identity;
    private RolloutState state;
    private @Nullable RouteRollout kept;
    private long requestsSeen;
    private String obstacle = "";

    /** When a move that failed is tried again; only {@link #failed} says whether there is one. */
    private long retryNanos;

    private boolean failed;

    LiveRollout(String route, RolloutConfig config, GuardConfig guard) {
        this.route = route;
        this.config = config;
        stable = guard.stable();
        plan = RolloutPlans.of(config, guard);
        machine = new RolloutMachine(plan);
        identity = RolloutPlans.identity(config, guard);
        state = RolloutState.pending(identity);
    }

    /** Whether the file wants exactly this, gates and watch included. */
    boolean isWantedBy(RolloutConfig other, GuardConfig guard) {
        return config.equals(other) && stable.equals(guard.stable()) && plan.equals(RolloutPlans.of(other, guard));
    }

    /** Stands where the journal says, unless it stood there already. */
    void adopt(@Nullable RouteRollout found, long nowNanos) {
        if (found == null) {
            if (kept != null) {
                state = RolloutState.pending(identity);
                kept = null;
            }
        } else if (!found.equals(kept)) {
            state = machine.on(found.state(), new RolloutEvent.Restarted(), nowNanos)
                    .state();
            kept = found;
        }
    }

    /** Goes on from another instance that stands for an earlier reading of the same rollout. */
    void takeOver(LiveRollout before) {
        state = before.state;
        kept = before.kept;
        requestsSeen = before.requestsSeen;
    }

    Transition on(RolloutEvent event, long nowNanos) {
        return machine.on(state, event, nowNanos);
    }

    /** What follows after another transition that is not carried out yet. */
    Transition after(Transition first, RolloutEvent event, long nowNanos) {
        return machine.on(first.state(), event, nowNanos);
    }

    /** Stands there from now on; what is not in the journal is lost with the process. */
    void stand(RolloutState next) {
        state = next;
        obstacle = "";
    }

    /** Stands as the journal has it. */
    void stand(RolloutState next, RouteRollout written) {
        stand(next);
        kept = written;
        failed = false;
    }

    /** Cannot go up, and why. */
    void stumble(String why) {
        obstacle = why;
    }

    /** A move could not be written down; it is tried again later. */
    void fail(long againNanos) {
        failed = true;
        retryNanos = againNanos;
    }

    boolean mayMove(long nowNanos) {
        return !failed || nowNanos - retryNanos >= 0;
    }

    /** How many answers of the trial are new since the last call. */
    long newRequests(long inTrial) {
        long before = requestsSeen;
        requestsSeen = inTrial;
        return inTrial >= before ? inTrial - before : inTrial;
    }

    String route() {
        return route;
    }

    RolloutConfig config() {
        return config;
    }

    String canary() {
        return config.canary();
    }

    String stable() {
        return stable;
    }

    RolloutPlan plan() {
        return plan;
    }

    RolloutState state() {
        return state;
    }

    /** As the journal has it; null before the first start. */
    @Nullable
    RouteRollout kept() {
        return kept;
    }

    /** When it came to where it stands; null before the first start. */
    @Nullable
    Instant since() {
        return kept == null ? null : kept.since();
    }

    /** Why it cannot go up although it may; or nothing. */
    String obstacle() {
        return obstacle;
    }
}
