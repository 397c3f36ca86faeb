package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.turnout.http.Fields;
import io.turnout.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * One lent place for one request towards an endpoint, whichever HTTP version is spoken there: an HTTP/1 connection, or
 * a stream of an HTTP/2 connection. Confined to its event loop; no longer the borrower's after the sink's last call.
 */
public interface UpstreamConnection {
    /** Interim answers taken in front of a final one; a backend that sends more may never come to it. */
    int MAX_INTERIMS = 4096;

    /** The endpoint it leads to. */
    LoopEndpoint endpoint();

    /** Whether it has carried a request before, so that the endpoint may have closed it unseen. */
    boolean isReused();

    /**
     * Sends the head of the request.
     *
     * @param forwardedLines complete HTTP/1 field lines about the client, each ending in CRLF
     * @param sink told about the answer
     */
    void sendHead(RequestHead head, byte[] forwardedLines, ResponseSink sink);

    /** Sends request content; the buffer stays the caller's. */
    void sendBody(ByteBuf buffer, int index, int length);

    /** The request is complete. */
    void sendEnd(@Nullable Fields trailers);

    /** Sends on its way what has been written. */
    void flush();

    /** Whether it takes more request content; {@link ResponseSink#onWritable} tells when it does again. */
    boolean isWritable();

    /** Stops or resumes reading the answer; the deadline for progress stands still meanwhile. */
    void pauseReading(boolean paused);

    /** Gives the connection back before anything was sent on it. */
    void giveBackUnused();

    /** Gives the attempt up: the sink hears no more and the connection is not used again. */
    void abort();
}
