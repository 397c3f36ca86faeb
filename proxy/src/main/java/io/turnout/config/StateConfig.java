package io.turnout.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where run-time decisions survive a restart.
 *
 * @param path the journal's folder as written in the file; not blank
 */
public record StateConfig(String path) {
    public StateConfig {
        Require.text("state.path", path);
    }

    /** The folder; a relative one is taken from the folder of the configuration file, or as it is when that is null. */
    public Path folder(@Nullable Path base) {
        return base == null ? Path.of(path) : base.resolve(path);
    }
}
