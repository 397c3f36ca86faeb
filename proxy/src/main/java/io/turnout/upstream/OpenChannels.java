package io.turnout.upstream;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every channel to a backend that one event loop has open, from the first moment of its dial: when the loop goes down,
 * nobody else knows those that are still connecting or shaking hands. Confined to its event loop.
 */
public final class OpenChannels {
    private final Set<Channel> open = new HashSet<>();
    private boolean closed;

    /** None yet. */
    public OpenChannels() {}

    /** Whether it is too late for another one. */
    boolean isClosed() {
        return closed;
    }

    void add(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(gone -> open.remove(channel));
    }

    /** Closes all of them at once; there will be no more. */
    void close() {
        closed = true;
        for (Channel channel : List.copyOf(open)) {
            // Past the pipeline, where TLS would wait for its close_notify to be taken and the loop does not wait for
            // it.
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
