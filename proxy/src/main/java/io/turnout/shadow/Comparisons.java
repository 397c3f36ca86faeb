package io.turnout.shadow;

import io.turnout.compare.DifferenceBook;
import io.turnout.compare.DifferenceReport;
import java.io.Closeable;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares answers on a thread of its own and keeps what it finds.
 *
 * <p>Safe for any thread: jobs come through a bounded queue, books belong to the comparing thread, and reports are
 * published as immutable values. A report is at most about {@link #PUBLISH_MILLIS} behind.
 */
public final class Comparisons implements ComparisonSink, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);

    private static final int QUEUED = 1024;

    /** Reports are sorted and copied, which is not to be done for each of thousands of answers. */
    private static final long PUBLISH_MILLIS = 100;

    /** Mirrors whose findings are kept; of more, those not compared for the longest time are forgotten. */
    private static final int MAX_BOOKS = 256;

    private record Key(String route, String pool) {}

    private final BlockingQueue<ComparisonJob> queue = new ArrayBlockingQueue<>(QUEUED);
    private final Map<Key, DifferenceReport> reports = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "comparison");
    private volatile boolean closed;

    // Of the comparing thread.
    private final Map<Key, DifferenceBook> books = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Key> unpublished = new HashSet<>();

    /** Starts the comparing thread. */
    public Comparisons() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean offer(ComparisonJob job) {
        return !closed && queue.offer(job);
    }

    /** What is known of a route's mirror to a pool; empty when nothing has been compared. */
    public DifferenceReport report(String route, String pool) {
        return reports.getOrDefault(new Key(route, pool), DifferenceReport.NONE);
    }

    private void run() {
        long publishedNanos = System.nanoTime();
        while (!closed) {
            try {
                ComparisonJob job =
                        unpublished.isEmpty() ? queue.take() : queue.poll(PUBLISH_MILLIS, TimeUnit.MILLISECONDS);
                if (job != null) {
                    compare(job);
                }
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            if (now - publishedNanos >= TimeUnit.MILLISECONDS.toNanos(PUBLISH_MILLIS)) {
                publishedNanos = now;
                publish();
            }
        }
    }

    private void compare(ComparisonJob job) {
        Key key = new Key(job.route(), job.pool());
        try {
            book(key, job).add(job.answers());
            unpublished.add(key);
        } catch (RuntimeException e) {
            // Other people's octets met a bug of ours: the next pair deserves its comparison all the same.
            LOG.error("answers of route {} could not be compared", job.route(), e);
        } finally {
            job.budget().release(job.heldBytes());
        }
    }

    /** Findings made under other rules say nothing about these. */
    private DifferenceBook book(Key key, ComparisonJob job) {
        DifferenceBook known = books.get(key);
        if (known != null && known.rules().equals(job.rules())) {
            return known;
        }
        DifferenceBook fresh = new DifferenceBook(job.rules());
        books.put(key, fresh);
        if (books.size() > MAX_BOOKS) {
            Iterator<Key> oldest = books.keySet().iterator();
            Key gone = oldest.next();
            oldest.remove();
            reports.remove(gone);
            unpublished.remove(gone);
        }
        return fresh;
    }

    private void publish() {
        for (Key key : unpublished) {
            DifferenceBook book = books.get(key);
            if (book != null) {
                reports.put(key, book.report());
            }
        }
        unpublished.clear();
    }

    /** Stops comparing; what waits is dropped. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        for (ComparisonJob job; (job = queue.poll()) != null; ) {
            job.budget().release(job.heldBytes());
        }
    }
}
