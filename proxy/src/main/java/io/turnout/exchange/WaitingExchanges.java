package io.turnout.exchange;

import org.jspecify.annotations.Nullable;

/**
 * The exchanges of one loop that wait for an answer to begin, oldest first.
 *
 * <p>An answer that does not come leaves no latency behind; without this a canary that hangs would look idle until its
 * timeouts strike. Confined to its event loop; a request costs a few stores, an intrusive list holds no objects.
 */
final class WaitingExchanges {
    private @Nullable Exchange oldest;
    private @Nullable Exchange newest;

    void add(Exchange exchange) {
        exchange.previousWaiting = newest;
        exchange.nextWaiting = null;
        if (newest == null) {
            oldest = exchange;
        } else {
            newest.nextWaiting = exchange;
        }
        newest = exchange;
    }

    /** Takes an exchange out; one that is not in the list is left alone. */
    void remove(Exchange exchange) {
        Exchange before = exchange.previousWaiting;
        Exchange after = exchange.nextWaiting;
        if (before == null && !isOldest(exchange)) {
            return;
        }
        if (before == null) {
            oldest = after;
        } else {
            before.nextWaiting = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.previousWaiting = before;
        }
        exchange.previousWaiting = null;
        exchange.nextWaiting = null;
    }

    private boolean isOldest(Exchange exchange) {
        return oldest == exchange;
    }

    void onTick(long nowNanos) {
        for (Exchange exchange = oldest; exchange != null; exchange = exchange.nextWaiting) {
            exchange.onStillWaiting(nowNanos);
        }
    }
}
