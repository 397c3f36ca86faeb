package io.turnout.control;

import io.turnout.control.state.Change;
import java.util.List;

/**
 * From the world in force to the next one, as worked out by a command. Immutable.
 *
 * @param desired what the file wants from then on
 * @param effects changes and what the audit says of them; empty for a world that is only compiled anew
 */
record Step(Desired desired, List<Effect> effects, Cause cause, Durability durability, Sockets sockets) {
    /** Whether the step may be taken when the journal cannot be written. */
    enum Durability {
        /** It must be found after a restart, or it is not taken. */
        REQUIRED,
        /** It cannot wait for the disk: it follows from the surroundings, or takes users out of harm. */
        IF_POSSIBLE
    }

    /** Whether listeners may have changed. */
    enum Sockets {
        FOLLOW,
        KEEP
    }

    Step {
        effects = List.copyOf(effects);
    }

    /** Another file. */
    static Step reload(Desired desired, List<Effect> effects, Cause cause) {
        return new Step(desired, effects, cause, Durability.REQUIRED, Sockets.FOLLOW);
    }

    /** A decision under the same file. */
    static Step decision(Desired desired, Effect effect, Cause cause) {
        return decision(desired, List.of(effect), cause);
    }

    /** A decision of several parts under the same file. */
    static Step decision(Desired desired, List<Effect> effects, Cause cause) {
        return new Step(desired, effects, cause, Durability.REQUIRED, Sockets.KEEP);
    }

    /** A decision under the same file about what listens. */
    static Step listening(Desired desired, Effect effect, Cause cause) {
        return new Step(desired, List.of(effect), cause, Durability.REQUIRED, Sockets.FOLLOW);
    }

    /** A decision that takes users out of harm: it is kept if possible, and taken in any case. */
    static Step rescue(Desired desired, Effect effect, Cause cause) {
        return rescue(desired, List.of(effect), cause);
    }

    /** The same of several parts. */
    static Step rescue(Desired desired, List<Effect> effects, Cause cause) {
        return new Step(desired, effects, cause, Durability.IF_POSSIBLE, Sockets.KEEP);
    }

    /** The same file and decisions, compiled anew. */
    static Step anew(Desired desired, Cause cause) {
        return new Step(desired, List.of(), cause, Durability.IF_POSSIBLE, Sockets.KEEP);
    }

    /** What the journal keeps of it. */
    List<Change> changes() {
        return effects.stream().flatMap(effect -> effect.changes().stream()).toList();
    }
}
