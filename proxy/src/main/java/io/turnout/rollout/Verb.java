package io.turnout.rollout;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an operator can ask of a rollout. The label is part of the CLI and API contract. */
public enum Verb {
    START("start"),
    PAUSE("pause"),
    RESUME("resume"),
    /** To the next step now, without waiting for evidence or gates. */
    PROMOTE("promote"),
    /** To all traffic now. */
    PROMOTE_FULL("promote --full"),
    /** To a weight of the operator's choice; pauses there. */
    SET_WEIGHT("setWeight"),
    REVERT("revert"),
    /** Once more from the beginning, after a revert. */
    RETRY("retry");

    private static final Map<Phase, Set<Verb>> DOES_SOMETHING = new EnumMap<>(Map.of(
            Phase.PENDING, EnumSet.of(START, REVERT),
            Phase.PROGRESSING, EnumSet.of(PAUSE, PROMOTE, PROMOTE_FULL, SET_WEIGHT, REVERT),
            Phase.PAUSED, EnumSet.of(RESUME, PROMOTE, PROMOTE_FULL, SET_WEIGHT, REVERT),
            Phase.PROMOTING, EnumSet.of(PAUSE, PROMOTE, PROMOTE_FULL, SET_WEIGHT, REVERT),
            Phase.SUCCEEDED, EnumSet.of(REVERT),
            Phase.REVERTED, EnumSet.of(START, RETRY),
            Phase.SUPERSEDED, EnumSet.of(START)));

    private static final Map<Phase, Set<Verb>> ALREADY_DONE = new EnumMap<>(Map.of(
            Phase.PENDING, EnumSet.noneOf(Verb.class),
            Phase.PROGRESSING, EnumSet.of(START, RESUME, RETRY),
            Phase.PAUSED, EnumSet.of(PAUSE),
            Phase.PROMOTING, EnumSet.of(START, RESUME),
            Phase.SUCCEEDED, EnumSet.of(PROMOTE, PROMOTE_FULL),
            Phase.REVERTED, EnumSet.of(REVERT),
            Phase.SUPERSEDED, EnumSet.noneOf(Verb.class)));

    private final String label;

    Verb(String label) {
        this.label = label;
    }

    /** Name on the command line. */
    public String label() {
        return label;
    }

    /** Whether the verb changes a rollout in this phase. */
    public boolean acts(Phase phase) {
        return DOES_SOMETHING.getOrDefault(phase, Set.of()).contains(this);
    }

    /** Whether what the verb asks for is the case in this phase, so that a repeated command is no error. */
    boolean isDone(Phase phase) {
        return ALREADY_DONE.getOrDefault(phase, Set.of()).contains(this);
    }

    /** Verbs that change a rollout in this phase, in the order of this enum. */
    public static List<Verb> allowedIn(Phase phase) {
        return List.copyOf(DOES_SOMETHING.getOrDefault(phase, Set.of()));
    }
}
