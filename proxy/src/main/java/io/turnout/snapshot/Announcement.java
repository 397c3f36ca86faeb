package io.turnout.snapshot;

/** Whether a connection to a backend begins with a PROXY protocol preamble that names the client, and in which version. */
public enum Announcement {
    NONE,
    V1,
    V2
}
