package io.turnout.listener;

import java.util.concurrent.atomic.AtomicInteger;

/** TLS handshakes under way on one listener. Safe for any thread; touched twice per connection. */
final class Handshakes {
    private final AtomicInteger underWay = new AtomicInteger();

    /** Counts one in, or answers false when there are so many already. */
    boolean begin(int limit) {
        if (underWay.incrementAndGet() > limit) {
            underWay.decrementAndGet();
            return false;
        }
        return true;
    }

    void end() {
        underWay.decrementAndGet();
    }
}
