package io.turnout.control.state;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One record of the journal: changes that took effect together. Immutable.
 *
 * @param generation in force with them
 * @param time by the wall clock; for people who read the file
 * @param start what the changes are applied to
 */
record JournalEntry(long generation, Instant time, Start start, List<Change> changes) {
    /** What the changes of an entry are applied to. */
    enum Start {
        /** The state of the entries before. */
        BEFORE,
        /** Nothing: the entry tells the whole state. */
        NOTHING
    }

    JournalEntry {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(start, "start");
        changes = List.copyOf(changes);
    }

    static JournalEntry whole(RunState state, Instant time) {
        return new JournalEntry(state.generation(), time, Start.NOTHING, state.asChanges());
    }

    RunState applied(RunState before) {
        return (start == Start.NOTHING ? RunState.NONE : before).after(changes, generation);
    }
}
