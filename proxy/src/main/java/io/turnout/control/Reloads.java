package io.turnout.control;

import io.turnout.adminapi.ReloadStatus;

/**
 * How reading the configuration has gone so far. Immutable.
 *
 * @param applied texts put in force, the first included
 * @param refused texts refused
 */
record Reloads(ReloadStatus last, long applied, long refused) {
    Reloads onApplied(ReloadStatus status) {
        return new Reloads(status, applied + 1, refused);
    }

    Reloads onUnchanged(ReloadStatus status) {
        return new Reloads(status, applied, refused);
    }

    Reloads onRefused(ReloadStatus status) {
        return new Reloads(status, applied, refused + 1);
    }
}
