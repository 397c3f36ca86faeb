package io.turnout.bench.load;

/** What can become of a request besides its proper answer. */
public enum Failure {
    /** No connection came about. */
    CONNECT,
    /** The answer's status was not 200. */
    STATUS,
    /** The answer's body had another length or other octets than it should. */
    BODY,
    /** The connection ended while the answer was awaited. */
    CLOSED,
    /** What came was not HTTP. */
    NOT_HTTP,
    /** No answer for {@link LoadRun#STUCK_NANOS}. */
    STUCK
}
