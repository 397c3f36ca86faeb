package io.turnout.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes access records on a thread of its own, so that neither a slow disk nor formatting touches an event loop.
 *
 * <p>Safe for any thread. The queue is bounded; what does not fit is dropped and counted.
 */
public final class AccessLog implements AccessSink, AutoCloseable {
    /** How many records may wait. */
    static final int CAPACITY = 16 * 1024;

    private static final int BATCH = 512;

    private final ArrayBlockingQueue<AccessRecord> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AccessFormat format;
    private final OutputStream out;
    private final AtomicLong failed = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;

    /** Starts the writer thread; the stream becomes the log's own and is closed with it. */
    public AccessLog(AccessFormat format, OutputStream out) {
        this.format = format;
        this.out = out;
        writer = new Thread(this::run, "access-log");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public boolean offer(AccessRecord entry) {
        return !closing && queue.offer(entry);
    }

    /** Records that could not be written because the stream failed. */
    public long failed() {
        return failed.get();
    }

    private void run() {
        List<AccessRecord> batch = new ArrayList<>(BATCH);
        StringBuilder text = new StringBuilder();
        try {
            while (!closing || !queue.isEmpty()) {
                AccessRecord first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
                write(batch, text);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<AccessRecord> batch, StringBuilder text) {
        text.setLength(0);
        for (AccessRecord entry : batch) {
            format.append(entry, text);
            text.append('\n');
        }
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            failed.addAndGet(batch.size());
        }
    }

    /** Writes what is queued, for at most two seconds, and closes the stream. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(2_000);
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
