package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.turnout.http.Fields;
import io.turnout.http.ResponseHead;
import io.turnout.model.UpstreamFailure;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt is told about its answer, in this order: any number of interim heads, one head, content, end; or a
 * failure instead of whatever is still to come. Called on the loop; exactly one of end and failure comes last.
 */
public interface ResponseSink {
    /** An interim answer other than 101; the head is the caller's. */
    void onInterim(ResponseHead head);

    /**
     * The answer is 101, whatever it was on the wire, and grants a protocol that was offered: from now on content is passed both ways as it is, and
     * {@link UpstreamConnection#sendEnd} and {@link #onHalfClosed} end one direction each.
     */
    default void onSwitch(ResponseHead head, String protocol) {
        throw new AssertionError("a protocol was granted that nobody offered");
    }

    /** After {@link #onSwitch}: the endpoint sends no more, and may still read. */
    default void onHalfClosed() {
        throw new AssertionError("half an end without a tunnel");
    }

    /** The final answer's head; the sink may change it, it is the caller's again when this returns. */
    void onHead(ResponseHead head);

    /** Content: a stretch of a buffer that is only lent; what is kept must be retained or copied. */
    void onAnswerBody(ByteBuf buffer, int index, int length);

    /** The answer is complete; the connection is no longer the attempt's. */
    void onEnd(@Nullable Fields trailers);

    /** No more is to come in this batch of reads: a good moment to flush. */
    void onBatchEnd();

    /** The connection takes request content again. */
    void onWritable();

    /** The attempt is over without a whole answer; the connection is no longer the attempt's. */
    void onFailure(UpstreamFailure failure);
}
