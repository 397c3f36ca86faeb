package io.turnout.bench.load;

/** When requests are sent. Immutable. */
public sealed interface Pace {
    /** The next one as soon as the one before is answered, on every connection: finds how much a proxy can do. */
    record Closed() implements Pace {}

    /**
     * At fixed moments, whatever the answers do: finds how long clients wait. A request that finds no free connection
     * waits for one, and its time runs.
     */
    record Fixed(double perSecond) implements Pace {
        public Fixed {
            if (!(perSecond > 0 && perSecond <= 10_000_000)) {
                throw new IllegalArgumentException("found " + perSecond + " requests/s, expected above 0");
            }
        }

        /** When the request with this number (0, 1, ...) is due, in nanoseconds after the first one. */
        long dueNanos(long number) {
            return Math.round(number * (1_000_000_000 / perSecond));
        }

        /** How many requests are due after so many nanoseconds; the first one is due at 0. */
        long dueAfter(long nanos) {
            return nanos < 0 ? 0 : (long) Math.floor(nanos * (perSecond / 1_000_000_000)) + 1;
        }
    }

    /** One request on each connection, which then stays open. */
    record Once() implements Pace {}
}
