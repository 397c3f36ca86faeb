package io.turnout.listener;

/** What a client's HTTP/1 connection is about. */
enum H1State {
    /** A request head is awaited or has begun. */
    HEAD,
    /** The request body is coming in. */
    BODY,
    /** The request is complete, its answer is not. */
    ANSWERING,
    /** The answer is complete, the request is not: its rest is read and thrown away, within bounds. */
    DISCARDING,
    /** The protocol has been changed: octets are passed on both ways as they are. */
    TUNNEL,
    /** The last answer is being written out; input is thrown away. */
    FLUSHING,
    /** The last answer has been sent: input is thrown away until the client closes, so that it is not reset. */
    LINGERING,
    CLOSED
}
