package io.turnout.judge;

/**
 * Requests per second, forgetting with a time constant of 60 s; right from the first second on.
 *
 * <p>Confined to the thread that ticks its judge. Never allocates.
 */
final class RequestRate {
    private static final double MEMORY_SECONDS = 60;

    private double requests;
    private double seconds;

    void add(long count, double elapsedSeconds) {
        double keep = Math.exp(-elapsedSeconds / MEMORY_SECONDS);
        requests = requests * keep + count;
        seconds = seconds * keep + elapsedSeconds;
    }

    /** 0 before any time passed. */
    double perSecond() {
        return seconds > 0 ? requests / seconds : 0;
    }

    void restart() {
        requests = 0;
        seconds = 0;
    }
}
