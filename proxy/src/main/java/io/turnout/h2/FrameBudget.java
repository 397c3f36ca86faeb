package io.turnout.h2;

import java.util.Arrays;

/**
 * How many frames that cost their sender little and their receiver work one connection may send (RFC 9113 section
 * 10.5). Each kind has an allowance per window of time, which useful work extends: who asks much may control much.
 *
 * <p>Confined to its event loop.
 */
public final class FrameBudget {
    /** A kind of frame with an allowance of its own. */
    public enum Kind {
        /** Streams opened and taken back: the rapid reset (CVE-2023-44487). */
        RESET("RST_STREAM", 200, 1),
        /** Streams that the peer made us reset by breaking a rule (CVE-2025-8671). */
        FAULT("malformed streams", 200, 1),
        PING("PING", 200, 4),
        SETTINGS("SETTINGS", 50, 0),
        PRIORITY("PRIORITY", 200, 4),
        WINDOW_UPDATE("WINDOW_UPDATE", 1000, 16),
        /** DATA that carries nothing and ends nothing. */
        EMPTY("empty DATA", 100, 1),
        UNKNOWN("unknown frame types", 200, 1);

        private final String text;
        private final int allowance;
        private final int perUse;

        /**
         * @param allowance per window
         * @param perUse further ones for each piece of useful work in the same window
         */
        Kind(String text, int allowance, int perUse) {
            this.text = text;
            this.allowance = allowance;
            this.perUse = perUse;
        }

        /** Name for people. */
        public String text() {
            return text;
        }
    }

    /** Length of a window in nanoseconds. */
    static final long WINDOW_NANOS = 30_000_000_000L;

    private final int[] spent = new int[Kind.values().length];
    private long windowStartNanos;
    private long uses;

    /** A budget whose first window begins now. */
    public FrameBudget(long nowNanos) {
        windowStartNanos = nowNanos;
    }

    /** A whole answer, or a frame of content, has passed. */
    public void onUse() {
        uses++;
    }

    /** Counts a frame; answers whether it is within the allowance. */
    public boolean spend(Kind kind, long nowNanos) {
        if (nowNanos - windowStartNanos > WINDOW_NANOS) {
            windowStartNanos = nowNanos;
            uses = 0;
            Arrays.fill(spent, 0);
        }
        return ++spent[kind.ordinal()] <= kind.allowance + uses * kind.perUse;
    }
}
