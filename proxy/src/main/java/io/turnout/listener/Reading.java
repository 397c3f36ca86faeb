package io.turnout.listener;

import io.netty.channel.Channel;

/**
 * Whether a connection reads: it does unless there is a reason not to, and goes on when no reason is left.
 *
 * <p>Confined to the connection's event loop. The channel is only told when the answer changes, so that in the usual case
 * no system call is spent on it.
 */
final class Reading {
    /** Why a connection does not read. */
    enum Pause {
        /** Upstream cannot take more of the request. */
        UPSTREAM,
        /** A pipelined request waits for the one before it. */
        PIPELINE
    }

    private final Channel channel;
    private int pauses;

    Reading(Channel channel) {
        this.channel = channel;
    }

    void pause(Pause reason) {
        change(pauses | 1 << reason.ordinal());
    }

    void resume(Pause reason) {
        change(pauses & ~(1 << reason.ordinal()));
    }

    /** Reads whatever there were reasons against. */
    void resumeAll() {
        change(0);
    }

    boolean isPausedBy(Pause reason) {
        return (pauses & 1 << reason.ordinal()) != 0;
    }

    private void change(int now) {
        if ((pauses == 0) != (now == 0)) {
            channel.config().setAutoRead(now == 0);
        }
        pauses = now;
    }
}
