package io.turnout.control;

import io.turnout.adminapi.ExplainAnswer;

/** What became of a question for the decision on a described request. Immutable. */
public sealed interface Explained {
    /** How it would be decided. */
    record Answered(ExplainAnswer answer) implements Explained {}

    /** The description is of no request that would be let in. */
    record Refused(String found, String expected) implements Explained {}
}
