package io.turnout.control;

import org.jspecify.annotations.Nullable;

/**
 * Who wants a change, by which way in, and why. Immutable.
 *
 * @param actor a person, the name of a token, or the part of Turnout that acts by itself; not blank
 * @param source {@link #FILE}, {@link #API}, {@link #CLI}, {@link #CONSOLE} or {@link #SELF}
 * @param reason in the actor's words, or null
 * @param expectedGeneration the generation the decision was based on: with any other in force, the command is refused;
 *     null for whatever is in force
 * @param address where the wish came from, as an IP address; null for what did not come over the network
 */
public record Cause(
        String actor,
        String source,
        @Nullable String reason,
        @Nullable Long expectedGeneration,
        @Nullable String address) {
    public static final String FILE = "file";
    public static final String API = "api";
    public static final String CLI = "cli";
    public static final String CONSOLE = "console";

    /** Turnout acts by itself, as when the time of an override is over. */
    public static final String SELF = "turnout";

    /** Longest actor, source or reason; longer ones are cut, so that no caller fills the journal. */
    private static final int MAX_CHARACTERS = 1_000;

    public Cause {
        if (actor.isBlank() || source.isBlank()) {
            throw new IllegalArgumentException("found actor \"" + actor + "\" and source \"" + source + "\"");
        }
        actor = cut(actor);
        source = cut(source);
        reason = reason == null || reason.isBlank() ? null : cut(reason);
    }

    /** A cause that did not come over the network. */
    public Cause(String actor, String source, @Nullable String reason, @Nullable Long expectedGeneration) {
        this(actor, source, reason, expectedGeneration, null);
    }

    /** A cause without reason that is not based on any generation. */
    public static Cause of(String actor, String source) {
        return new Cause(actor, source, null, null);
    }

    /** The same with a reason. */
    public Cause because(@Nullable String given) {
        return new Cause(actor, source, given, expectedGeneration, address);
    }

    /** The same, only if this generation is in force. */
    public Cause basedOn(@Nullable Long generation) {
        return new Cause(actor, source, reason, generation, address);
    }

    private static String cut(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS);
    }
}
