package io.turnout.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.turnout.h2.FrameBudget.Kind;
import io.turnout.model.Ticker;

/**
 * Stands between the frame reader and the codec's state machine: holds every frame, also those the codec would pass over
 * in silence, against the peer's budget, and closes the gaps between the codec and RFC 9113 section 5.1.
 *
 * <p>Confined to its event loop.
 */
public final class FrameGate implements Http2FrameReader, Http2FrameListener {
    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final FrameBudget budget;
    private final Ticker ticker;
    private final PastStreams past = new PastStreams();
    private Http2FrameListener codec = this;

    FrameGate(Http2FrameReader reader, Http2Connection connection, FrameBudget budget, Ticker ticker) {
        this.reader = reader;
        this.connection = connection;
        this.budget = budget;
        this.ticker = ticker;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        codec = listener;
        reader.readFrame(ctx, input, this);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    /** We have reset a stream: what the peer sent before it knew is not its fault. */
    public void onResetSent(int streamId) {
        past.onReset(streamId);
    }

    /**
     * Counts against the peer.
     *
     * @throws Http2Exception a connection error of type ENHANCE_YOUR_CALM when it has had enough of this kind
     */
    public void spend(Kind kind) throws Http2Exception {
        if (!budget.spend(kind, ticker.nanos())) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many: %s", kind.text());
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        if (!data.isReadable() && !endOfStream) {
            spend(Kind.EMPTY);
        }
        Http2Stream stream = connection.stream(streamId);
        if (stream == null && connection.streamMayHaveExisted(streamId) && past.mayBeLate(streamId)) {
            // Still counts towards the connection's window, which gives it back at once.
            connection.local().flowController().receiveFlowControlledFrame(null, data, padding, endOfStream);
            return data.readableBytes() + padding;
        }
        return codec.onDataRead(ctx, streamId, data, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        try {
            if (mayPass(streamId)) {
                codec.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
            }
        } finally {
            headers.clear();
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        try {
            if (mayPass(streamId)) {
                codec.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
            }
        } finally {
            headers.clear();
        }
    }

    /** RFC 9113 sections 5.1 and 5.1.1, for a header block that has been decoded already. */
    private boolean mayPass(int streamId) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE && !stream.isResetSent()) {
                throw Http2Exception.streamError(
                        streamId, Http2Error.STREAM_CLOSED, "HEADERS after the end of stream %d", streamId);
            }
            return true;
        }
        if (!connection.streamMayHaveExisted(streamId)) {
            past.onOpened(streamId, connection.remote().lastStreamCreated());
            return true;
        }
        if (!connection.remote().isValidStreamId(streamId)) {
            return true;
        }
        if (past.wasSkipped(streamId)) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "stream %d is smaller than one opened before", streamId);
        }
        if (past.mayBeLate(streamId)) {
            return false;
        }
        throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "HEADERS on closed stream %d", streamId);
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
            throws Http2Exception {
        // RFC 9113 section 5.3.2 has deprecated it: checked by the reader, counted, and not acted upon.
        spend(Kind.PRIORITY);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        spend(Kind.RESET);
        codec.onRstStreamRead(ctx, streamId, errorCode);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
        spend(Kind.SETTINGS);
        codec.onSettingsAckRead(ctx);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        spend(Kind.SETTINGS);
        codec.onSettingsRead(ctx, settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        spend(Kind.PING);
        codec.onPingRead(ctx, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        spend(Kind.PING);
        codec.onPingAckRead(ctx, data);
    }

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext ctx, int streamId, int promisedStreamId, Http2Headers headers, int padding)
            throws Http2Exception {
        codec.onPushPromiseRead(ctx, streamId, promisedStreamId, headers, padding);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
            throws Http2Exception {
        spend(Kind.SETTINGS);
        codec.onGoAwayRead(ctx, lastStreamId, errorCode, debugData);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int windowSizeIncrement)
            throws Http2Exception {
        spend(Kind.WINDOW_UPDATE);
        codec.onWindowUpdateRead(ctx, streamId, windowSizeIncrement);
    }

    @Override
    public void onUnknownFrame(
            ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        spend(Kind.UNKNOWN);
        codec.onUnknownFrame(ctx, frameType, streamId, flags, payload);
    }
}
