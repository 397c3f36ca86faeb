package io.turnout.cli;

import io.turnout.config.shape.Units;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options of commands that go on until they are ended. Stateless. */
final class WatchOptions {
    private WatchOptions() {}

    /** A duration as in the configuration; null for none. */
    static @Nullable Duration duration(String option, @Nullable String text) throws CommandFailure {
        if (text == null) {
            return null;
        }
        Duration duration = Units.duration(text);
        if (duration == null || duration.isZero()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    option + ": found \"" + text + "\", expected a duration with its unit, such as 10m");
        }
        return duration;
    }
}
