package io.turnout.bench.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Which core does what. Immutable.
 *
 * @param proxy where the proxy on trial runs, alone
 * @param harness where generator and backend run
 */
public record Cores(int proxy, int harness) {
    public Cores {
        if (proxy < 0 || harness < 0 || proxy == harness) {
            throw new IllegalArgumentException(
                    "found core " + proxy + " for the proxy and " + harness + " for the harness, expected two");
        }
    }

    /** The command, made to run on the proxy's core. */
    public List<String> pinnedToProxy(List<String> command) {
        return pinned(proxy, command);
    }

    /** The command, made to run on the harness's core. */
    public List<String> pinnedToHarness(List<String> command) {
        return pinned(harness, command);
    }

    private static List<String> pinned(int core, List<String> command) {
        var pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        return pinned;
    }
}
