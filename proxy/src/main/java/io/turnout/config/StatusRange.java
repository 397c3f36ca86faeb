package io.turnout.config;

import java.util.List;

/**
 * Status codes from one to another, both included.
 *
 * @param from 100 to 599
 * @param to at least {@code from}, at most 599
 */
public record StatusRange(int from, int to) {
    public StatusRange {
        Require.within("status", from, 100, 599);
        Require.within("status", to, from, 599);
    }

    /** Whether one of the ranges holds the status code. */
    public static boolean anyContains(List<StatusRange> ranges, int status) {
        return ranges.stream().anyMatch(range -> status >= range.from && status <= range.to);
    }

    /** {@code 204} or {@code 200-399}. */
    @Override
    public String toString() {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }
}
