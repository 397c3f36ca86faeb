package io.turnout.listener;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the connections of one listener within their limits: all together, and those of one client address.
 *
 * <p>Safe for any thread; touched when a connection opens and closes, never per request.
 */
final class ConnectionCounts {
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> byClient = new ConcurrentHashMap<>();

    /** Counts a connection in, or answers null when a limit is reached. */
    @Nullable
    ConnectionCount open(InetAddress client, int limit, int limitPerClient) {
        if (all.incrementAndGet() > limit) {
            all.decrementAndGet();
            return null;
        }
        int ofClient = byClient.merge(client, 1, Integer::sum);
        ConnectionCount counted = new ConnectionCount(this, client);
        if (ofClient > limitPerClient) {
            counted.onClosed();
            return null;
        }
        return counted;
    }

    /** Connections open now. */
    int open() {
        return all.get();
    }

    private void leave(InetAddress client) {
        byClient.computeIfPresent(client, (address, open) -> open == 1 ? null : open - 1);
    }

    /** One connection that has been counted in. Used by one thread at a time: first who accepts, then its loop. */
    static final class ConnectionCount {
        private final ConnectionCounts counts;
        private InetAddress client;

        ConnectionCount(ConnectionCounts counts, InetAddress client) {
            this.counts = counts;
            this.client = client;
        }

        /** It turns out to be another client's; answers whether that one may have one more. */
        boolean movesTo(InetAddress actual, int limitPerClient) {
            counts.leave(client);
            client = actual;
            return counts.byClient.merge(actual, 1, Integer::sum) <= limitPerClient;
        }

        void onClosed() {
            counts.all.decrementAndGet();
            counts.leave(client);
        }
    }
}
