package io.turnout.exchange;

import io.netty.buffer.ByteBuf;
import io.turnout.http.Fields;
import io.turnout.http.ResponseHead;
import io.turnout.tls.TlsSession;
import io.turnout.upstream.Announcer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange, whichever HTTP version it speaks: an HTTP/1 connection, or a stream of HTTP/2.
 * Confined to its event loop.
 */
public interface Downstream extends Announcer {
    /** The client's address after trusted hops, 4 or 16 octets; not to be written to. */
    byte[] clientAddress();

    /** Complete HTTP/1 field lines about the client for the request as it goes upstream. */
    byte[] forwardedLines();

    /** What TLS has settled with the client; null for plain text. */
    default @Nullable TlsSession tls() {
        return null;
    }

    /** Whether the client itself came by TLS, as far as we know or trusted peers say. */
    default boolean isSecure() {
        return tls() != null;
    }

    /** Protocol name for logs, such as {@code HTTP/1.1}. */
    String protocol();

    /** Passes on an interim answer; ignored where the client cannot take it. */
    void sendInterim(ResponseHead head);

    /**
     * Passes on the answer that changes to this protocol (RFC 9110 section 7.8, RFC 8441). From now on what the client
     * sends goes to {@link Exchange#onBody} octet by octet, {@link #sendBody} is written as it is, and either side's end
     * is only its own.
     */
    default void sendSwitch(ResponseHead head, String protocol) {
        throw new AssertionError("a protocol was granted that nobody offered");
    }

    /** Begins the final answer. */
    void sendHead(ResponseHead head);

    /** Sends content of the answer; the buffer stays the caller's. */
    void sendBody(ByteBuf buffer, int index, int length);

    /** Ends the answer whole. The downstream may begin its next exchange before this returns. */
    void sendEnd(@Nullable Fields trailers);

    /** Sends on its way what has been written. */
    void flush();

    /** Whether the client takes more of the answer; {@link Exchange#onDownstreamWritable} tells when it does again. */
    boolean isWritable();

    /** Stops or resumes reading the request body because upstream cannot take it. */
    void pauseReading(boolean paused);

    /** Cuts the answer so that the client can see it is not whole (RFC 9112 section 8). */
    void cut();
}
