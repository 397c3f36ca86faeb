package io.turnout.telemetry;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes access records on a thread of its own, so that neither a slow disk nor formatting touches an event loop.
 *
 * <p>Safe for any thread. The queue is bounded; what does not fit is dropped and counted by the caller. A log file that
 * was moved away is opened anew under its name within a second.
 */
public final class AccessLog implements AccessSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int BATCH = 512;
    private static final long LOOK_MILLIS = 1_000;

    private final ArrayBlockingQueue<AccessRecord> queue;
    private final Supplier<AccessSettings> settings;
    private final PrintStream standardOutput;
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;

    private AccessSettings opened = AccessSettings.OFF;
    private @Nullable OutputStream out;
    private boolean failing;

    /**
     * Starts the writer thread.
     *
     * @param settings asked before every batch, so that a reload takes effect
     * @param queueLines how many records may wait
     */
    public AccessLog(Supplier<AccessSettings> settings, int queueLines, PrintStream standardOutput) {
        this.settings = settings;
        this.standardOutput = standardOutput;
        queue = new ArrayBlockingQueue<>(queueLines);
        writer = new Thread(this::run, "access-log");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public boolean offer(AccessRecord entry) {
        return !closing && queue.offer(entry);
    }

    /** Records that could not be written because the file could not. */
    public long lost() {
        return lost.get();
    }

    private void run() {
        List<AccessRecord> batch = new ArrayList<>(BATCH);
        try {
            while (!closing || !queue.isEmpty()) {
                AccessRecord first = queue.poll(closing ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeFile();
        }
    }

    private void write(List<AccessRecord> batch) {
        AccessSettings wanted = settings.get();
        if (!wanted.isOn()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (AccessRecord entry : batch) {
            wanted.format().append(entry, text);
            text.append('\n');
        }
        try {
            OutputStream to = open(wanted);
            to.write(text.toString().getBytes(StandardCharsets.UTF_8));
            to.flush();
            failing = false;
        } catch (IOException e) {
            lost.addAndGet(batch.size());
            closeFile();
            if (!failing) {
                failing = true;
                LOG.error("the access log {} cannot be written: {}", wanted.path(), e.getMessage());
            }
        }
    }

    private OutputStream open(AccessSettings wanted) throws IOException {
        OutputStream current = out;
        boolean movedAway = !opened.path().isEmpty() && !Files.exists(Path.of(opened.path()));
        if (current != null && wanted.path().equals(opened.path()) && !movedAway) {
            return current;
        }
        closeFile();
        opened = wanted;
        OutputStream fresh = wanted.path().isEmpty() ? standardOutput : new FileOutputStream(wanted.path(), true);
        out = fresh;
        return fresh;
    }

    private void closeFile() {
        OutputStream current = out;
        out = null;
        if (current == null || opened.path().isEmpty()) {
            return;
        }
        try {
            current.close();
        } catch (IOException e) {
            LOG.warn("the access log {} did not close: {}", opened.path(), e.getMessage());
        }
    }

    /** Writes what is queued, for at most two seconds. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
