package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.H1HeadWriter;
import io.turnout.http.H1HeadWriter.BodyCoding;
import io.turnout.http.H1HeadWriter.Persistence;
import io.turnout.http.ResponseHead;
import io.turnout.loop.ChannelOutput;
import org.jspecify.annotations.Nullable;

/**
 * Answers as they go out on an HTTP/1 connection: decides how each is framed and whether the connection outlives it.
 *
 * <p>Confined to the connection's event loop.
 */
final class AnswerStream {
    private static final int CHUNK_LINE_BYTES = 16;

    private final H1HeadWriter writer;
    private final ChannelOutput output;
    private boolean toOldClient;
    private boolean chunked;
    private boolean closes;
    private boolean endsWithConnection;

    AnswerStream(H1HeadWriter writer, Channel channel) {
        this.writer = writer;
        output = new ChannelOutput(channel);
    }

    /** Whether a client speaks HTTP/1.0, which knows neither chunks nor interim answers. */
    enum Client {
        HTTP_1_0,
        HTTP_1_1
    }

    /** A request has come; its answer follows. */
    void onRequest(Client client) {
        toOldClient = client == Client.HTTP_1_0;
        chunked = false;
        closes = false;
        endsWithConnection = false;
    }

    void interim(ResponseHead interim) {
        if (!toOldClient) {
            writer.interim(interim, output.room(H1HeadWriter.estimate(interim.fields())));
        }
    }

    /** The answer that changes the protocol; what follows is written as it is. */
    void switching(ResponseHead answer) {
        writer.interim(answer, output.room(H1HeadWriter.estimate(answer.fields())));
        closes = true;
    }

    /**
     * Begins the final answer.
     *
     * @param wantsClose whether the connection ends with it for a reason that is not the answer's own
     */
    void head(ResponseHead answer, boolean wantsClose) {
        boolean unbounded = answer.framing() == Framing.STREAM || answer.framing() == Framing.CLOSE;
        chunked = unbounded && !toOldClient;
        endsWithConnection = unbounded && toOldClient;
        closes = wantsClose || endsWithConnection;
        long bodyLength = answer.framing() == Framing.LENGTH ? answer.contentLength() : 0;
        ByteBuf out = output.roomForHead(H1HeadWriter.estimate(answer.fields()), bodyLength);
        writer.response(answer, chunked ? BodyCoding.CHUNKED : BodyCoding.IDENTITY, persistence(), out);
    }

    private Persistence persistence() {
        if (closes) {
            return Persistence.CLOSE;
        }
        return toOldClient ? Persistence.KEEP_ALIVE : Persistence.IMPLICIT;
    }

    void body(ByteBuf buffer, int index, int length) {
        if (!chunked) {
            output.write(buffer, index, length);
            return;
        }
        writer.chunkStart(length, output.room(CHUNK_LINE_BYTES));
        output.write(buffer, index, length);
        writer.chunkEnd(output.room(CHUNK_LINE_BYTES));
    }

    void end(@Nullable Fields trailers) {
        if (chunked) {
            int room = trailers == null ? CHUNK_LINE_BYTES : H1HeadWriter.estimate(trailers);
            writer.lastChunk(trailers, output.room(room));
        }
        output.flush();
    }

    /** Whether the client has been told that the connection ends with the current answer. */
    boolean closes() {
        return closes;
    }

    /** Whether nothing but the end of the connection tells the client that it has the whole answer. */
    boolean endsWithConnection() {
        return endsWithConnection;
    }

    boolean isToOldClient() {
        return toOldClient;
    }

    void flush() {
        output.flush();
    }

    boolean isWritable() {
        return output.isWritable();
    }

    /** Drops what has not been handed to the channel; for a connection that is closing. */
    void discard() {
        output.discard();
    }
}
