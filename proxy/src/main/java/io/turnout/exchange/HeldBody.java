package io.turnout.exchange;

import io.netty.buffer.ByteBuf;
import io.turnout.http.Fields;
import io.turnout.upstream.UpstreamConnection;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Request content that arrived before there was a connection to send it on. Bounded by what one batch of reads brings,
 * because the client is paused as soon as anything is held. Owns what it holds; confined to its event loop.
 */
final class HeldBody {
    private @Nullable ArrayDeque<ByteBuf> pieces;
    private @Nullable Fields trailers;

    void add(ByteBuf buffer, int index, int length) {
        if (pieces == null) {
            pieces = new ArrayDeque<>();
        }
        pieces.addLast(buffer.retainedSlice(index, length));
    }

    /** Keeps trailers of a request that ended while held; they stay valid until the client's next request. */
    void keepTrailers(@Nullable Fields requestTrailers) {
        trailers = requestTrailers;
    }

    @Nullable
    Fields takeTrailers() {
        Fields taken = trailers;
        trailers = null;
        return taken;
    }

    /** Sends everything; it stays held until {@link #release}. */
    void sendTo(UpstreamConnection connection) {
        if (pieces != null) {
            for (ByteBuf piece : pieces) {
                connection.sendBody(piece, piece.readerIndex(), piece.readableBytes());
            }
        }
    }

    /** Lets the content go; answers whether there was any. */
    boolean release() {
        if (pieces == null || pieces.isEmpty()) {
            return false;
        }
        for (ByteBuf piece; (piece = pieces.pollFirst()) != null; ) {
            piece.release();
        }
        return true;
    }

    void clear() {
        release();
        trailers = null;
    }
}
