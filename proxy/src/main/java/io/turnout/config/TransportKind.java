package io.turnout.config;

/** Which of the operating system's interfaces the event loops use. */
public enum TransportKind {
    /** Native epoll where it loads, NIO elsewhere. */
    AUTO,
    EPOLL,
    IO_URING,
    NIO
}
