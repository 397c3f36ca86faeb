package io.turnout.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the event stream over interruptions, for as long as it may. Confined to the thread that listens, but for its
 * clock, a thread of its own that ends the waiting.
 */
final class Following {
    private static final long PAUSE_MILLIS = 1_000;

    private final AdminClient client;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable String lastEventId;

    /**
     * @param atMost null for as long as the process lives
     */
    Following(AdminClient client, @Nullable Duration atMost) {
        this.client = client;
        if (atMost != null) {
            Thread listener = Thread.currentThread();
            Thread clock = new Thread(() -> end(listener, atMost), "timeout");
            clock.setDaemon(true);
            clock.start();
        }
    }

    private void end(Thread listener, Duration atMost) {
        try {
            if (!ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                ended.countDown();
                listener.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the follower does. */
    interface Hearer extends AdminClient.Hearer {
        /** The stream was lost and is tried again. */
        void onLost();
    }

    /**
     * Returns when the hearer has heard enough, or the time is over.
     *
     * @throws CommandFailure if the stream cannot be had at first, or is refused
     */
    void follow(Hearer hearer) throws CommandFailure {
        boolean first = true;
        while (ended.getCount() > 0) {
            try {
                boolean enough = client.listen(lastEventId, event -> {
                    lastEventId = event.id().isEmpty() ? lastEventId : event.id();
                    return ended.getCount() > 0 && hearer.hear(event);
                });
                if (enough) {
                    ended.countDown();
                    return;
                }
            } catch (CommandFailure failure) {
                boolean timeIsOver = ended.getCount() == 0;
                if (!timeIsOver && (first || failure.exitCode() != ExitCode.UNREACHABLE)) {
                    throw failure;
                }
            }
            first = false;
            if (ended.getCount() > 0) {
                hearer.onLost();
                pause();
            }
        }
        Thread.interrupted(); // by the clock, for this waiting and nothing that comes after it
    }

    private void pause() {
        try {
            ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // The time is over, or somebody wants an end: either way there is one.
            ended.countDown();
        }
    }
}
