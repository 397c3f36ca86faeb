package io.turnout.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A gentle, steady load of keyed users against the demo's proxy.
 *
 * <p>Safe for any thread: what is counted is guarded by the object's monitor.
 */
public final class DemoLoad implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int USERS = 1000;
    private static final int ITEMS = 100;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI target;
    private final long pauseNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Long> byVersion = new TreeMap<>();
    private long[] latenciesMicros = new long[1024];
    private int answered;
    private long failed;
    private long unanswered;
    private long answeredBefore;
    private long failedBefore;
    private volatile boolean closing;

    private DemoLoad(URI target, int requestsPerSecond) {
        this.target = target;
        pauseNanos = 1_000_000_000L * THREADS / requestsPerSecond;
    }

    /** Starts sending. */
    public static DemoLoad start(URI target, int requestsPerSecond) {
        DemoLoad load = new DemoLoad(target, requestsPerSecond);
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = new Thread(() -> load.run(number), "demo-load-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    /**
     * What happened since the last call.
     *
     * @param byVersion answers by what the backend said it is
     * @param failed requests without an answer, or with one of 5xx
     */
    public record Second(Map<String, Long> byVersion, int answered, long failed, long p50Micros, long p99Micros) {}

    /** Takes what was counted and begins anew. */
    public synchronized Second take() {
        long[] sorted = Arrays.copyOf(latenciesMicros, answered);
        Arrays.sort(sorted);
        Second second =
                new Second(new TreeMap<>(byVersion), answered, failed, quantile(sorted, 0.5), quantile(sorted, 0.99));
        byVersion.clear();
        answeredBefore += answered;
        failedBefore += failed;
        answered = 0;
        failed = 0;
        return second;
    }

    /**
     * What happened since the start, whoever took what in between.
     *
     * @param requests that have ended, in whatever way
     * @param failed as in {@link Second}
     */
    public record Total(long requests, long failed) {
        /** What came on top of what was known then. */
        Total since(Total then) {
            return new Total(requests - then.requests, failed - then.failed);
        }

        /** As in "not one of 5,000 requests failed". */
        String inWords() {
            String few = failed == 0 ? "not one" : String.format(Locale.ROOT, "%,d", failed);
            return String.format(Locale.ROOT, "%s of %,d requests failed", few, requests);
        }
    }

    /** Counts since the start. */
    public synchronized Total total() {
        return new Total(answeredBefore + answered + unanswered, failedBefore + failed);
    }

    private static long quantile(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (quantile * sorted.length))];
    }

    private void run(int number) {
        SplittableRandom random = new SplittableRandom(number);
        long due = System.nanoTime();
        while (!closing) {
            send(random.nextInt(USERS), random.nextInt(ITEMS));
            // What could not be sent in time is left out: users do not come twice as often after a pause.
            due = Math.max(due + pauseNanos, System.nanoTime());
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void send(int user, int item) {
        HttpRequest request = HttpRequest.newBuilder(target.resolve("/items/" + item))
                .header("Cookie", "uid=user-" + user)
                .timeout(Duration.ofSeconds(5))
                .build();
        long start = System.nanoTime();
        try {
            HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
            onAnswer(answer, (System.nanoTime() - start) / 1000);
        } catch (IOException e) {
            onFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }

    private synchronized void onAnswer(HttpResponse<Void> answer, long micros) {
        if (answer.statusCode() >= 500) {
            failed++;
        }
        byVersion.merge(answer.headers().firstValue("X-Version").orElse("none"), 1L, Long::sum);
        if (answered == latenciesMicros.length) {
            latenciesMicros = Arrays.copyOf(latenciesMicros, answered * 2);
        }
        latenciesMicros[answered++] = micros;
    }

    private synchronized void onFailure() {
        if (!closing) {
            unanswered++;
            failed++;
        }
    }

    @Override
    public void close() {
        closing = true;
        threads.forEach(Thread::interrupt);
    }
}
