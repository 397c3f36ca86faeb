package io.turnout.listener;

import io.turnout.tls.TlsSession;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client's connection. Immutable; made anew as more becomes known while it opens.
 *
 * @param address the socket's, or the one a trusted peer's PROXY preamble names
 * @param tls null for plain text
 */
record Peer(InetSocketAddress address, @Nullable TlsSession tls) {}
