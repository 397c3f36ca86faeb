package io.turnout.adminapi;

/**
 * What the guard of a route is doing.
 *
 * @param state {@code off}, {@code watching}, {@code holding}, {@code reverted} or {@code sharedIncident}
 */
public record GuardStatus(String state) {
    /** Nothing is judged. */
    public static final GuardStatus OFF = new GuardStatus("off");
}
