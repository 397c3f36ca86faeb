package io.turnout.telemetry;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the access log is written. Immutable.
 *
 * @param format shape of a line; {@link AccessFormat#OFF} for no log
 * @param path file that lines are appended to, or empty for the standard output
 */
public record AccessSettings(AccessFormat format, String path) {
    /** No access log. */
    public static final AccessSettings OFF = new AccessSettings(AccessFormat.OFF, "");

    /** The same with a relative path taken from this folder; null for the working folder. */
    public AccessSettings seenFrom(@Nullable Path folder) {
        return folder == null || path.isEmpty()
                ? this
                : new AccessSettings(format, folder.resolve(path).toString());
    }

    /** Whether exchanges leave records at all. */
    public boolean isOn() {
        return format != AccessFormat.OFF;
    }
}
