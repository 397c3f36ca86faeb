package io.turnout.control;

import io.turnout.control.state.Change;
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
 */
record Effect(
        @Nullable Change change,
        String action,
        String subject,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason) {}
