package io.turnout.control.webhook;

import java.util.concurrent.atomic.AtomicLong;

/** What became of events, counted over all receivers. Safe for any thread. */
final class Tally {
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    void onDelivered() {
        delivered.incrementAndGet();
    }

    void onFailed() {
        failed.incrementAndGet();
    }

    void onDropped() {
        dropped.incrementAndGet();
    }

    WebhookCounts counts() {
        return new WebhookCounts(delivered.get(), failed.get(), dropped.get());
    }
}
