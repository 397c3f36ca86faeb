package io.turnout.demo;

import java.util.Locale;

/**
 * How a demo backend behaves, to be changed while it runs.
 *
 * @param errorPercent of its answers that are 500, 0 to 100
 * @param delayMillis it takes longer than it would, 0 to 10,000
 */
public record Behaviour(int errorPercent, int delayMillis, Mode mode) {
    /** As it should be. */
    public static final Behaviour FINE = new Behaviour(0, 0, Mode.OK);

    private static final int MAX_DELAY_MILLIS = 10_000;

    public Behaviour {
        if (errorPercent < 0 || errorPercent > 100) {
            throw new IllegalArgumentException("errorPercent " + errorPercent + ", not 0 to 100");
        }
        if (delayMillis < 0 || delayMillis > MAX_DELAY_MILLIS) {
            throw new IllegalArgumentException("delayMillis " + delayMillis + ", not 0 to 10000");
        }
    }

    /** As in "fails 5 % of its requests". */
    public String inWords() {
        return switch (mode) {
            case HANG -> "hangs";
            case CRASH -> "has crashed";
            case OK -> {
                String slower = delayMillis == 0 ? "" : "is slower by " + delayMillis + " ms";
                String fails = errorPercent == 0 ? "" : "fails " + errorPercent + " % of its requests";
                String both = slower + (slower.isEmpty() || fails.isEmpty() ? "" : " and ") + fails;
                yield both.isEmpty() ? "is fine" : both;
            }
        };
    }

    /** What it does with requests. */
    public enum Mode {
        /** Answers. */
        OK,
        /** Takes them and never answers. */
        HANG,
        /** Resets every connection. */
        CRASH;

        /** Its name in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
