package io.turnout.snapshot;

/** Which PROXY protocol preambles are read before a connection's first octet. */
public enum ProxyPreambles {
    NONE,
    V1,
    V2,
    ANY
}
