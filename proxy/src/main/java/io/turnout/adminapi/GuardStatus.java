package io.turnout.adminapi;

import java.util.List;

/**
 * What the guard of a route is doing.
 *
 * @param state {@code off}, {@code watching}, {@code holding}, {@code reverted} or {@code sharedIncident}
 * @param text the same in a sentence; empty when there is nothing to say
 * @param variants those that are judged or were reverted, in the order of the split
 */
public record GuardStatus(String state, String text, List<Variant> variants) {
    /** Nothing is judged. */
    public static final String OFF = "off";

    /** Nothing has gone wrong so far. */
    public static final String WATCHING = "watching";

    /** Nothing has gone wrong, and there is not enough evidence yet; or a bad variant cannot be reverted. */
    public static final String HOLDING = "holding";

    /** A variant was bad and lost its traffic. */
    public static final String REVERTED = "reverted";

    /** All sides are bad: nothing is moved. */
    public static final String SHARED_INCIDENT = "sharedIncident";

    /** Every state. */
    public static final List<String> STATES = List.of(OFF, WATCHING, HOLDING, REVERTED, SHARED_INCIDENT);

    public GuardStatus {
        variants = List.copyOf(variants);
    }

    /**
     * One variant before the guard.
     *
     * @param state as that of the route
     * @param text why, or what is missing
     */
    public record Variant(String pool, String state, String text) {}
}
