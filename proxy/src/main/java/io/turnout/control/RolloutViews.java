package io.turnout.control;

import io.turnout.adminapi.RolloutStatus;
import io.turnout.rollout.Gate;
import io.turnout.rollout.Phase;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Rung;
import io.turnout.rollout.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes what the API shows of a rollout. Confined to the control thread. */
final class RolloutViews {
    private final RequestRates rates;

    RolloutViews(RequestRates rates) {
        this.rates = rates;
    }

    /**
     * A rollout as it stands.
     *
     * @param evidence what the judge still lacks, in words; empty when nothing
     */
    RolloutStatus of(LiveRollout rollout, World world, String evidence) {
        RolloutState state = rollout.state();
        RolloutPlan plan = rollout.plan();
        Gate awaited = state.awaitedGate(plan);
        Rung rung = state.isActive() && state.rung() >= 0 ? plan.rungs().get(state.rung()) : null;
        List<String> missing = missing(rollout, world, rung, evidence);
        String waitingFor = awaited == null ? null : awaited.name();
        return new RolloutStatus(
                state.phase().label(),
                step(state, plan),
                plan.steps() + 1,
                state.canaryPpm() / 1e6,
                rollout.canary(),
                rollout.stable(),
                rollout.since(),
                rung == null ? null : holdRemaining(rung, state).toSeconds(),
                missing,
                waitingFor,
                state.note(),
                next(state, plan, missing, waitingFor),
                steps(state, plan),
                Verb.allowedIn(state.phase()).stream().map(Verb::label).toList());
    }

    private static int step(RolloutState state, RolloutPlan plan) {
        boolean all = state.rung() == plan.rungs().size() - 1;
        return all ? plan.steps() + 1 : Math.min(state.rung() + 1, plan.steps());
    }

    /** Whole seconds, rounded up: nothing is left only when nothing is left. */
    private static Duration holdRemaining(Rung rung, RolloutState state) {
        long left = Math.max(0, rung.hold().toNanos() - state.progress().heldNanos());
        return Duration.ofSeconds((left + 999_999_999L) / 1_000_000_000L);
    }

    private List<String> missing(LiveRollout rollout, World world, @Nullable Rung rung, String evidence) {
        List<String> missing = new ArrayList<>();
        if (!rollout.obstacle().isEmpty()) {
            missing.add(rollout.obstacle());
        }
        if (rung == null) {
            return missing;
        }
        RolloutState state = rollout.state();
        if (!evidence.isEmpty() && rung.proof() == Rung.Proof.REQUIRED) {
            missing.add(evidence);
        }
        Duration hold = holdRemaining(rung, state);
        if (!hold.isZero()) {
            missing.add(duration(hold) + " of the hold of " + duration(rung.hold()));
        }
        long requests = rung.minRequests() - state.progress().canaryRequests();
        if (requests > 0) {
            missing.add(requests + " more canary requests" + howLong(requests, rollout, world));
        }
        return missing;
    }

    private String howLong(long requests, LiveRollout rollout, World world) {
        double rate = world.series().stream()
                .filter(one -> one.route().equals(rollout.route()) && one.pool().equals(rollout.canary()))
                .mapToDouble(rates::perSecond)
                .sum();
        return rate <= 0
                ? ", and none are coming"
                : ", about " + duration(Duration.ofSeconds(Math.max(1, Math.round(requests / rate)))) + " at this rate";
    }

    private static String next(
            RolloutState state, RolloutPlan plan, List<String> missing, @Nullable String waitingFor) {
        return switch (state.phase()) {
            case PENDING -> "waits to be started; then " + ahead(state, plan);
            case PROGRESSING, PROMOTING -> {
                String to = ahead(state, plan);
                if (waitingFor != null) {
                    yield waitingFor.equals(io.turnout.plan.RolloutPlans.APPROVAL)
                            ? to + ", when somebody approves (promote)"
                            : to + ", when gate " + waitingFor + " opens";
                }
                yield missing.isEmpty() ? to : to + ", after " + String.join("; ", missing);
            }
            case PAUSED -> "waits to be resumed; then " + ahead(state, plan);
            case SUCCEEDED -> "the canary keeps all traffic until the file changes the split";
            case REVERTED -> "the canary gets no traffic until somebody retries, or the file changes the split";
            case SUPERSEDED -> "the weights are the file's; a start begins anew";
        };
    }

    /** A rollout that is superseded, or paused at a weight of its own, may stand anywhere below all traffic. */
    private static String ahead(RolloutState state, RolloutPlan plan) {
        Rung rung = plan.rungs().get(plan.nextAbove(Math.min(state.canaryPpm(), RolloutPlan.WHOLE - 1)));
        return percent(rung.canaryPpm());
    }

    private static List<RolloutStatus.Step> steps(RolloutState state, RolloutPlan plan) {
        List<RolloutStatus.Step> steps = new ArrayList<>();
        boolean stands = state.isActive() || state.phase() == Phase.SUCCEEDED;
        for (int i = 0; i < plan.rungs().size(); i++) {
            Rung rung = plan.rungs().get(i);
            String at = i == state.rung() && stands && state.phase() != Phase.SUCCEEDED ? "current" : "ahead";
            boolean done = stands && (i < state.rung() || (i == state.rung() && state.phase() == Phase.SUCCEEDED));
            steps.add(new RolloutStatus.Step(
                    rung.canaryPpm() / 1e6,
                    rung.hold().toSeconds(),
                    rung.minRequests(),
                    rung.gates().stream().map(Gate::name).toList(),
                    done ? "done" : at));
        }
        return steps;
    }

    private static String percent(int ppm) {
        String digits = String.format(Locale.ROOT, "%.4f", ppm / 10_000.0);
        return digits.replaceFirst("\\.?0+$", "") + " %";
    }

    /** The two largest units that matter. */
    static String duration(Duration time) {
        long seconds = time.toSeconds();
        long[] sizes = {86_400, 3_600, 60, 1};
        String[] units = {"d", "h", "m", "s"};
        for (int i = 0; i < sizes.length - 1; i++) {
            long whole = seconds / sizes[i];
            if (whole > 0) {
                long rest = seconds % sizes[i] / sizes[i + 1];
                return whole + units[i] + (rest == 0 ? "" : " " + rest + units[i + 1]);
            }
        }
        return seconds == 0 && !time.isZero() ? time.toMillis() + "ms" : seconds + "s";
    }
}
