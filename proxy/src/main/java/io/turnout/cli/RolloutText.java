package io.turnout.cli;

import io.turnout.adminapi.RolloutStatus;

/** A rollout as people read it. Stateless. */
final class RolloutText {
    private RolloutText() {}

    /** Some lines: where it stands, what comes next, and the whole way. */
    static String of(String route, RolloutStatus rollout) {
        var text = new StringBuilder("route ")
                .append(route)
                .append("  rollout ")
                .append(line(rollout))
                .append('\n');
        if (rollout.since() != null) {
            text.append("  since  ").append(Printable.time(rollout.since())).append('\n');
        }
        text.append("  why    ").append(rollout.text()).append('\n');
        text.append("  next   ").append(rollout.next()).append('\n');
        return Printable.text(text.toString()) + table(rollout);
    }

    /** One line: phase, step and weight. */
    static String line(RolloutStatus rollout) {
        return rollout.phase() + ", step " + rollout.step() + " of " + rollout.of() + ", " + rollout.canary() + " at "
                + Printable.percent(rollout.weight());
    }

    private static String table(RolloutStatus rollout) {
        Table table = new Table(1, "STATE", "WEIGHT", "HOLD", "REQUESTS", "GATES");
        for (RolloutStatus.Step step : rollout.steps()) {
            table.row(
                    step.state(),
                    Printable.percent(step.weight()),
                    Printable.seconds(step.holdSeconds()),
                    Long.toString(step.minRequests()),
                    step.gates().isEmpty() ? "-" : String.join(" ", step.gates()));
        }
        return table.text("  ");
    }
}
