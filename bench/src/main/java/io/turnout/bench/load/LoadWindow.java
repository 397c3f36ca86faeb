package io.turnout.bench.load;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run saw in a window of time. The histograms are the holder's own.
 *
 * @param answered requests that got their proper answer in the window
 * @param failures only what happened
 * @param closedIdle connections the other side closed between requests, and which were opened again: no failure
 * @param handshakes of TLS, full and resumed
 * @param resumed those that went on with an earlier session
 * @param unsent at a fixed rate, requests due that were still waiting for a connection at the end
 * @param fromDueNanos from the moment a request was due to the end of its answer
 * @param fromSentNanos from the moment it was sent
 */
public record LoadWindow(
        long elapsedNanos,
        long answered,
        long bodyBytes,
        Map<Failure, Long> failures,
        long closedIdle,
        long handshakes,
        long resumed,
        long unsent,
        Histogram fromDueNanos,
        Histogram fromSentNanos) {
    public LoadWindow {
        failures = Map.copyOf(failures);
    }

    /** Answers a second. */
    public double perSecond() {
        return answered * 1e9 / elapsedNanos;
    }

    /** How many requests failed in whatever way. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The counting behind a window. Confined to the loop. */
    static final class Counting {
        static final long HIGHEST_NANOS = 120_000_000_000L;
        static final int DIGITS = 3;

        private final long startNanos;
        private final EnumMap<Failure, Long> failures = new EnumMap<>(Failure.class);
        private final Histogram fromDue = new Histogram(HIGHEST_NANOS, DIGITS);
        private final Histogram fromSent = new Histogram(HIGHEST_NANOS, DIGITS);
        private long answered;
        private long bodyBytes;
        private long closedIdle;
        private long handshakes;
        private long resumed;

        Counting(long startNanos) {
            this.startNanos = startNanos;
        }

        void onAnswered(long dueNanos, long sentNanos, long nowNanos, long bytes) {
            answered++;
            bodyBytes += bytes;
            fromDue.recordValue(clamp(nowNanos - dueNanos));
            fromSent.recordValue(clamp(nowNanos - sentNanos));
        }

        void onFailed(Failure failure) {
            failures.merge(failure, 1L, Long::sum);
        }

        void onClosedIdle() {
            closedIdle++;
        }

        void onHandshake(boolean again) {
            handshakes++;
            resumed += again ? 1 : 0;
        }

        LoadWindow end(long nowNanos, long unsent) {
            return new LoadWindow(
                    nowNanos - startNanos,
                    answered,
                    bodyBytes,
                    failures,
                    closedIdle,
                    handshakes,
                    resumed,
                    unsent,
                    fromDue,
                    fromSent);
        }

        private static long clamp(long nanos) {
            return Math.max(0, Math.min(nanos, HIGHEST_NANOS));
        }
    }
}
