package io.turnout.plan;

import io.turnout.config.GuardConfig;
import io.turnout.config.RolloutConfig;
import io.turnout.rollout.Gate;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.RolloutPlan.Start;
import io.turnout.rollout.Rung;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the {@code rollout} block means to the rollout's state machine. Stateless. */
public final class RolloutPlans {
    /** Name of the gate that a person opens. */
    public static final String APPROVAL = "approval";

    /** Name of the gate that the findings of a mirror open. */
    public static final String MIRROR = "mirror";

    /** A question that got no answer for this long after its timeout was lost on its way. */
    private static final Duration LOST = Duration.ofSeconds(30);

    private RolloutPlans() {}

    /** The way up as it is run: begun by command, through its gates. */
    public static RolloutPlan of(RolloutConfig rollout, GuardConfig guard) {
        return plan(rollout, guard, Start.BY_COMMAND, step -> gates(rollout, step));
    }

    /** The way up as it is forecast: begun at once, and nobody keeps a gate shut. */
    public static RolloutPlan withoutGates(RolloutConfig rollout, GuardConfig guard) {
        return plan(rollout, guard, Start.AUTOMATIC, step -> List.of());
    }

    private static RolloutPlan plan(
            RolloutConfig rollout, GuardConfig guard, Start start, Function<RolloutConfig.Step, List<Gate>> gates) {
        List<Rung> rungs = new ArrayList<>();
        List<Gate> lastGates = List.of();
        for (RolloutConfig.Step step : rollout.steps()) {
            if (step.weightPpm() < RolloutPlan.WHOLE) {
                rungs.add(new Rung(
                        step.weightPpm(), step.hold(), step.minRequests(), gates.apply(step), Rung.Proof.REQUIRED));
            } else {
                lastGates = gates.apply(step);
            }
        }
        int steps = rungs.size();
        RolloutConfig.Control control = rollout.control();
        int controlled = RolloutPlan.WHOLE - control.weightPpm();
        boolean room = steps == 0 || rungs.get(steps - 1).canaryPpm() < controlled;
        if (room && !control.hold().isZero()) {
            rungs.add(new Rung(controlled, control.hold(), 0, List.of(), Rung.Proof.WAIVED));
        }
        rungs.add(new Rung(RolloutPlan.WHOLE, Duration.ZERO, 0, lastGates, Rung.Proof.WAIVED));
        return new RolloutPlan(rungs, steps, start, guard.watch());
    }

    /** The machine is asked before the person: nobody should approve what would be refused. */
    private static List<Gate> gates(RolloutConfig rollout, RolloutConfig.Step step) {
        List<Gate> gates = new ArrayList<>();
        if (rollout.mirror() != null && step.equals(rollout.steps().get(0))) {
            gates.add(new Gate(MIRROR, Gate.Kind.MIRROR));
        }
        RolloutConfig.Gate webhook = step.gate();
        if (webhook != null) {
            Duration lost = webhook.timeout().plus(LOST);
            gates.add(new Gate(nameOf(webhook.url()), Gate.Kind.WEBHOOK, webhook.interval(), lost));
        }
        if (step.approval()) {
            gates.add(new Gate(APPROVAL, Gate.Kind.APPROVAL));
        }
        return gates;
    }

    /** What the gate is called in status and audit: its address without the query, which may hold a secret. */
    private static String nameOf(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return url.getScheme() + "://" + url.getRawAuthority() + path;
    }

    /** The webhook in front of the step of this weight; null if it has none. */
    public static RolloutConfig.@Nullable Gate gateBefore(RolloutConfig rollout, int canaryPpm) {
        return rollout.steps().stream()
                .filter(step -> step.weightPpm() == canaryPpm)
                .map(RolloutConfig.Step::gate)
                .findFirst()
                .orElse(null);
    }

    /**
     * Everything that makes it this rollout and no other, as text that stays the same from version to version. Two files
     * with equal texts want the same rollout.
     */
    public static String identity(RolloutConfig rollout, GuardConfig guard) {
        var text = new StringBuilder("stable ").append(guard.stable());
        text.append(", canary ").append(rollout.canary());
        for (RolloutConfig.Step step : rollout.steps()) {
            text.append(", ").append(step.weightPpm()).append(" ppm for ").append(step.hold());
            text.append(" and ").append(step.minRequests()).append(" requests");
            text.append(step.approval() ? " after approval" : "");
            RolloutConfig.Gate gate = step.gate();
            text.append(gate == null ? "" : " after " + gate.url());
        }
        text.append(", control ").append(rollout.control().weightPpm()).append(" ppm for ");
        text.append(rollout.control().hold());
        RolloutConfig.Mirror mirror = rollout.mirror();
        if (mirror != null) {
            text.append(", after ")
                    .append(mirror.minCompared())
                    .append(" answers of ")
                    .append(mirror.pool());
            text.append(" at most ").append(mirror.maxDifferentPpm()).append(" ppm different");
        }
        return text.toString();
    }
}
