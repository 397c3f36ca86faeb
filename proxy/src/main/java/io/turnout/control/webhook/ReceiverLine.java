package io.turnout.control.webhook;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one receiver, in order, on a thread of their own: so a receiver that hangs holds up nobody but itself.
 *
 * <p>{@link #offer} and {@link #close} are safe for any thread.
 */
final class ReceiverLine implements AutoCloseable {
    /** Events that may wait; more are dropped. */
    static final int MOST_WAITING = 256;

    private static final int BACKOFF_DOUBLINGS = 6;
    private static final Logger LOG = LoggerFactory.getLogger(ReceiverLine.class);

    private final ArrayBlockingQueue<Delivery> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Tally tally;
    private final long backoffMillis;
    private final Thread thread;

    /** @param backoff before the second attempt; doubles from attempt to attempt, six times at most */
    ReceiverLine(String receiver, Tally tally, Duration backoff) {
        this.tally = tally;
        backoffMillis = backoff.toMillis();
        thread = new Thread(this::run, "webhook-" + receiver);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes an event, unless too many wait. Never blocks. */
    void offer(Delivery delivery) {
        if (!waiting.offer(delivery)) {
            tally.onDropped();
            LOG.warn("{} is dropped: {} events wait already", delivery, MOST_WAITING);
        }
    }

    private void run() {
        // A receiver that redirects may send the event to a place that nobody configured.
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                deliver(waiting.take(), client);
            }
        } catch (InterruptedException e) {
            // Closed: what still waits is not sent any more.
        }
    }

    private void deliver(Delivery delivery, HttpClient client) throws InterruptedException {
        String why = "";
        for (int attempt = 0; attempt < delivery.attempts(); attempt++) {
            if (attempt > 0) {
                TimeUnit.MILLISECONDS.sleep(backoffMillis << Math.min(attempt - 1, BACKOFF_DOUBLINGS));
            }
            why = attempt(delivery, client);
            if (why.isEmpty()) {
                tally.onDelivered();
                return;
            }
        }
        tally.onFailed();
        LOG.warn("{} is given up after {} attempts: {}", delivery, delivery.attempts(), why);
    }

    /** Sends it once; an empty text if it was taken. */
    private static String attempt(Delivery delivery, HttpClient client) throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> sent = client.sendAsync(delivery.request(), BodyHandlers.discarding());
        try {
            int status = sent.get(delivery.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
            return status / 100 == 2 ? "" : "it answered " + status;
        } catch (TimeoutException e) {
            return "no answer within " + delivery.timeout().toMillis() + " ms";
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return cause instanceof IOException ? String.valueOf(cause) : "bug: " + cause;
        } finally {
            sent.cancel(true);
        }
    }

    /** Ends at once; what waits is not sent. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
