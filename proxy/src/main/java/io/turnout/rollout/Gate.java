package io.turnout.rollout;

/**
 * A door in front of a step that somebody else opens. Immutable.
 *
 * @param name unique among the gates of one step
 * @param kind who opens it
 */
public record Gate(String name, Kind kind) {
    /** Who opens a gate. */
    public enum Kind {
        /** A webhook by a 2xx answer; asked again after a refusal. */
        WEBHOOK,
        /** A person, once. */
        APPROVAL
    }

    public Gate {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a gate without a name");
        }
    }
}
