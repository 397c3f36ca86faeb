package io.turnout.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop to one endpoint, and who waits for the next of them.
 *
 * <p>Confined to its event loop.
 */
final class H2Lines {
    /** As many as one connection will carry wait for one that is being opened; more open another. */
    private static final int JOIN = 100;

    private final List<H2UpstreamConnection> open = new ArrayList<>();
    private @Nullable ArrayDeque<Borrower> joining;

    /** A place on a connection that has room, or null. */
    @Nullable
    H2UpstreamStream lend() {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i).hasRoom()) {
                return open.get(i).lend();
            }
        }
        return null;
    }

    /** Waits for the connection that is being opened; answers whether there is one with room. */
    boolean join(Borrower borrower) {
        if (joining == null || joining.size() >= JOIN) {
            return false;
        }
        joining.addLast(borrower);
        return true;
    }

    /** A connection is being opened; others may {@link #join}. */
    ArrayDeque<Borrower> onDial(Borrower first) {
        ArrayDeque<Borrower> waiting = new ArrayDeque<>();
        waiting.add(first);
        joining = waiting;
        return waiting;
    }

    /** The opening is over, one way or the other. */
    @SuppressWarnings("ReferenceEquality") // it is the queue itself that is meant
    void onDialEnd(ArrayDeque<Borrower> waiting) {
        if (joining == waiting) {
            joining = null;
        }
    }

    void add(H2UpstreamConnection connection) {
        open.add(connection);
    }

    void drop(H2UpstreamConnection connection) {
        open.remove(connection);
    }

    /** Lets all connections finish what they carry and close. */
    void retireAll() {
        for (H2UpstreamConnection connection : List.copyOf(open)) {
            connection.retire();
        }
    }

    /** Closes one that carries nothing; answers whether there was any. */
    boolean retireIdle() {
        for (H2UpstreamConnection connection : open) {
            if (connection.isIdle()) {
                connection.retire();
                return true;
            }
        }
        return false;
    }
}
