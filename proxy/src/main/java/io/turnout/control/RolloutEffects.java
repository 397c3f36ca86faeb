package io.turnout.control;

import io.turnout.config.RouteConfig;
import io.turnout.control.state.Change;
import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RouteRollout;
import io.turnout.rollout.Action;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a transition of a rollout changes, and how the audit puts it. Stateless and pure. */
final class RolloutEffects {
    private RolloutEffects() {}

    /**
     * One route before and after a transition.
     *
     * @param weights in force before
     * @param before the override before, or null
     * @param after the override the rollout wants, or null for the file's weights
     * @param kept the rollout as the journal is to hold it
     */
    record Moved(
            RouteConfig route,
            Map<String, Integer> weights,
            @Nullable RouteOverride before,
            @Nullable RouteOverride after,
            RouteRollout kept) {
        String subject() {
            return "route " + route.name();
        }

        /** The override to be laid, or null when nothing about it changes. */
        @Nullable
        RouteOverride laid() {
            RouteOverride wanted = after;
            boolean inForce = wanted != null
                    && before != null
                    && before.kind() == wanted.kind()
                    && before.weights().equals(wanted.weights())
                    && before.reverted().equals(wanted.reverted())
                    && Objects.equals(before.from(), wanted.from());
            return inForce ? null : wanted;
        }
    }

    /**
     * The effects, in order.
     *
     * @param was the state before
     * @param evidence at length, when the guard reverts; else null
     */
    static List<Effect> of(Moved moved, RolloutState was, Transition next, @Nullable String evidence) {
        RouteOverride laid = moved.laid();
        boolean reverts = laid != null && laid.kind() == RouteOverride.Kind.REVERT;
        // A revert is one event: what it does to the weights, with the evidence, says that the rollout is over.
        List<Action.Emit> told = next.actions().stream()
                .filter(Action.Emit.class::isInstance)
                .map(Action.Emit.class::cast)
                .filter(emit -> !reverts || emit.notice() != Action.Notice.REVERTED)
                .toList();
        List<Change> moves = List.of(new Change.RolloutMoved(moved.route().name(), moved.kept()));
        List<Effect> effects = new ArrayList<>();
        if (laid != null && reverts) {
            String why = evidence != null ? evidence : next.state().note();
            effects.add(effect(moved, laid, "revert", why, told.isEmpty() ? moves : List.of()));
        }
        for (int i = 0; i < told.size(); i++) {
            Action.Emit emit = told.get(i);
            boolean last = i == told.size() - 1;
            String label = emit.notice().label();
            List<Change> besides = last ? moves : List.of();
            effects.add(
                    last && laid != null && !reverts
                            ? effect(moved, laid, label, emit.text(), besides)
                            : new Effect(
                                    null,
                                    label,
                                    moved.subject(),
                                    phase(was),
                                    phase(next.state()),
                                    emit.text(),
                                    besides));
        }
        return effects;
    }

    private static Effect effect(Moved moved, RouteOverride laid, String action, String reason, List<Change> besides) {
        return new Effect(
                new Change.OverrideLaid(moved.route().name(), laid),
                action,
                moved.subject(),
                Words.weights(moved.weights()),
                Words.weights(laid.weights()),
                reason,
                besides);
    }

    private static String phase(RolloutState state) {
        return state.phase().label();
    }
}
