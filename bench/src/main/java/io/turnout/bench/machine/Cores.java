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
        return pinned(Integer.toString(proxy), command);
    }

    /** The command, made to run on the harness's core. */
    public List<String> pinnedToHarness(List<String> command) {
        return pinned(Integer.toString(harness), command);
    }

    /** The command, made to run on both, beside the harness. */
    public List<String> pinnedToBoth(List<String> command) {
        return pinned(proxy + "," + harness, command);
    }

    private static List<String> pinned(String cores, List<String> command) {
        var pinned = new ArrayList<>(List.of("taskset", "-c", cores));
        pinned.addAll(command);
        return pinned;
    }
}
