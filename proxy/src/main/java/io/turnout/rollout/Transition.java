package io.turnout.rollout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event leads to. Immutable.
 *
 * @param state the new state; the old one when the event was refused
 * @param actions to be carried out in order; when empty, nothing worth a journal entry has changed
 * @param refusal why a command was not carried out, or null
 */
public record Transition(
        RolloutState state, List<Action> actions, @Nullable Refusal refusal) {
    public Transition {
        actions = List.copyOf(actions);
    }

    static Transition to(RolloutState state, Action... actions) {
        return new Transition(state, List.of(actions), null);
    }

    static Transition refused(RolloutState state, Verb verb) {
        return new Transition(state, List.of(), Refusal.of(verb, state.phase()));
    }

    /** Whether the canary gets more traffic than before. */
    public boolean raises(RolloutState before) {
        return state.canaryPpm() > before.canaryPpm();
    }
}
