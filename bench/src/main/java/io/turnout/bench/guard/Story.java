package io.turnout.bench.guard;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What happens to stable and canary, and what a judge should do about it. Immutable. */
record Story(String name, String title, End end, Duration faultAfter, Service stable, Service canary) {
    private static final double BASE_ERRORS = 0.01;
    private static final Manner USUAL = Manner.healthy(BASE_ERRORS);
    private static final Service WELL = (sinceCanary, number) -> USUAL;
    private static final int COLD_REQUESTS = 300;
    private static final Duration OUTAGE_FROM = Duration.ofSeconds(15);
    private static final Duration OUTAGE_UNTIL = Duration.ofSeconds(45);

    /** The right end. */
    enum End {
        REVERT,
        KEEP
    }

    /** A service in the course of a story. */
    interface Service {
        /**
         * How it answers.
         *
         * @param sinceCanary since the canary got its share; negative before
         * @param number of the request at this service, from 1
         */
        Manner at(Duration sinceCanary, long number);
    }

    /** All stories; the late change comes after so long. */
    static List<Story> all(Duration late) {
        return List.of(
                new Story(
                        "errors",
                        "errors 1 % -> 5 %",
                        End.REVERT,
                        Duration.ZERO,
                        WELL,
                        (since, n) -> USUAL.withErrors(0.05)),
                new Story(
                        "total",
                        "every request fails",
                        End.REVERT,
                        Duration.ZERO,
                        WELL,
                        (since, n) -> USUAL.withErrors(1)),
                new Story("latency", "latency x2", End.REVERT, Duration.ZERO, WELL, (since, n) -> USUAL.slowedBy(2)),
                new Story(
                        "slow-mode",
                        "2 % of answers 250 ms later",
                        End.REVERT,
                        Duration.ZERO,
                        WELL,
                        (since, n) -> USUAL.stallingIn(0.02)),
                new Story(
                        "late",
                        String.format(Locale.ROOT, "errors 1 %% -> 5 %% after %d s of health", late.toSeconds()),
                        End.REVERT,
                        late,
                        WELL,
                        (since, n) -> since.compareTo(late) < 0 ? USUAL : USUAL.withErrors(0.05)),
                new Story(
                        "outage",
                        "half of all requests fail on both sides for 30 s",
                        End.KEEP,
                        OUTAGE_FROM,
                        Story::outage,
                        Story::outage),
                new Story(
                        "cold",
                        "first 300 answers of the canary take five times as long",
                        End.KEEP,
                        Duration.ZERO,
                        WELL,
                        (since, n) -> n <= COLD_REQUESTS ? USUAL.slowedBy(5) : USUAL),
                new Story("healthy", "nothing happens", End.KEEP, Duration.ZERO, WELL, WELL));
    }

    private static Manner outage(Duration since, long number) {
        boolean on = since.compareTo(OUTAGE_FROM) >= 0 && since.compareTo(OUTAGE_UNTIL) < 0;
        return on ? USUAL.withErrors(0.5) : USUAL;
    }
}
