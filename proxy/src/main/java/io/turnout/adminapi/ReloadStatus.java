package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;

/**
 * The last time the configuration was read, at start or later.
 *
 * @param ok whether it is in force; if not, the one before it still is
 * @param problems errors of a refused configuration, or warnings of one that is in force
 */
public record ReloadStatus(Instant time, boolean ok, List<Problem> problems) {
    public ReloadStatus {
        problems = List.copyOf(problems);
    }
}
