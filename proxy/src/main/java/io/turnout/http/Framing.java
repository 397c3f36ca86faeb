package io.turnout.http;

/** How the end of a message's body is known (RFC 9112 section 6). */
public enum Framing {
    /** There is no body. */
    NONE,
    /** The head says how many octets follow. */
    LENGTH,
    /** The body comes in pieces whose end is marked: chunked in HTTP/1, END_STREAM in HTTP/2 without a length. */
    STREAM,
    /** The body ends with the connection; answers only. */
    CLOSE
}
