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

    private void close(InetAddress client) {
        all.decrementAndGet();
        byClient.computeIfPresent(client, (address, open) -> open == 1 ? null : open - 1);
    }

    /** One connection that has been counted in. */
    record ConnectionCount(ConnectionCounts counts, InetAddress client) {
        void onClosed() {
            counts.close(client);
        }
    }
}
