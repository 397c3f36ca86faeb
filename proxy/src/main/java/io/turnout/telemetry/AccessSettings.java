package io.turnout.telemetry;

/**
 * How the access log is written. Immutable.
 *
 * @param format shape of a line; {@link AccessFormat#OFF} for no log
 * @param path file that lines are appended to, or empty for the standard output
 */
public record AccessSettings(AccessFormat format, String path) {
    /** No access log. */
    public static final AccessSettings OFF = new AccessSettings(AccessFormat.OFF, "");

    /** Whether exchanges leave records at all. */
    public boolean isOn() {
        return format != AccessFormat.OFF;
    }
}
