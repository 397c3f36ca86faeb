package io.turnout.config;

/**
 * When load is shed, and with it the process kept.
 *
 * @param exchanges running at a time, or {@link #ANY_NUMBER}
 * @param memoryPpm share of the direct memory that may be in use
 */
public record OverloadConfig(int exchanges, int memoryPpm) {
    /** Value of {@link #exchanges()} that stands for no limit. */
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    public OverloadConfig {
        Require.atLeast("exchanges", exchanges, 1);
        Require.within("memory", memoryPpm, 1, 1_000_000);
    }
}
