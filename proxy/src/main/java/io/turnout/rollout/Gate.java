package io.turnout.rollout;

import java.time.Duration;

/**
 * A door in front of a step that somebody else opens. Immutable.
 *
 * @param name unique among the gates of one step
 * @param kind who opens it
 * @param askAgain how long after a refusal a webhook is asked again
 * @param lostAfter how long after a question without any answer: it may have been lost
 */
public record Gate(String name, Kind kind, Duration askAgain, Duration lostAfter) {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
    private static final Duration LOST = Duration.ofMinutes(1);

    /** Who opens a gate. */
    public enum Kind {
        /** A webhook by a 2xx answer; asked again after a refusal. */
        WEBHOOK,
        /** A person, once. */
        APPROVAL,
        /** What a mirror has shown, once it is enough and good. */
        MIRROR
    }

    public Gate {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a gate without a name");
        }
        if (askAgain.isNegative() || askAgain.isZero() || lostAfter.isNegative() || lostAfter.isZero()) {
            throw new IllegalArgumentException(
                    "gate " + name + " asked again after " + askAgain + " or " + lostAfter + ", expected more than 0");
        }
    }

    /** A gate that is asked again 10 s after a refusal and a minute after silence. */
    public Gate(String name, Kind kind) {
        this(name, kind, ASK_AGAIN, LOST);
    }
}
