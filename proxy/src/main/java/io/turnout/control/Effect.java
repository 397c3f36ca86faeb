package io.turnout.control;

import io.turnout.control.state.Change;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing a command does: the change of state, if the state outlives the process, and how the audit puts it. Immutable.
 *
 * @param change null for what is not kept in the journal, as the file itself
 * @param action as in {@code switch}
 * @param subject as in {@code route shop}
 * @param before null where that means nothing
 * @param after null where that means nothing
 * @param reason null for the reason of the command
 * @param besides further changes that go without saying
 */
record Effect(
        @Nullable Change change,
        String action,
        String subject,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason,
        List<Change> besides) {
    Effect {
        besides = List.copyOf(besides);
    }

    Effect(
            @Nullable Change change,
            String action,
            String subject,
            @Nullable String before,
            @Nullable String after,
            @Nullable String reason) {
        this(change, action, subject, before, after, reason, List.of());
    }

    /** All changes of state. */
    List<Change> changes() {
        return Stream.concat(Stream.ofNullable(change), besides.stream()).toList();
    }
}
