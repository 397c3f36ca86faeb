package io.turnout.bench.load;

/**
 * A connection that carries requests, whichever HTTP version it speaks. Confined to the loop.
 *
 * <p>An owner that is told of a failure or a close must not use the connection again.
 */
interface LoadConnection {
    /** Hears of a connection's life; called on the loop. */
    interface Owner {
        /** It is open and can carry a request (one that can carry several says so for each). */
        void onReady(LoadConnection connection);

        /**
         * A request got its proper answer.
         *
         * @param dueNanos as given to {@link #send}
         * @param sentNanos when it was sent
         * @param bodyBytes length of both bodies together
         * @param reusable whether the connection can carry another request
         */
        void onAnswered(LoadConnection connection, long dueNanos, long sentNanos, long bodyBytes, boolean reusable);

        /** A request, or the attempt to connect, has failed; the connection is gone. */
        void onFailed(LoadConnection connection, Failure failure);

        /** The other side closed it while no request was under way. */
        void onClosedIdle(LoadConnection connection);
    }

    /** Sends a request. */
    void send(long dueNanos);

    /** Since when the oldest request waits for its answer; {@link Long#MAX_VALUE} when none does. */
    long waitingSinceNanos();

    /** When it began to connect. */
    long bornNanos();

    /** Closes it without a word to the owner. */
    void close();
}
