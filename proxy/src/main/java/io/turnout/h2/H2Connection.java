package io.turnout.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of HTTP/2 have in common: streams found by their number, frames that are gathered and leave once per
 * turn of the event loop, windows given back, and an end after which nothing is looked at any more.
 *
 * <p>Confined to its event loop. The codec's flow control is the back-pressure: the peer's window is given back when the
 * other side has taken the content, and what the peer does not take stays within its own window.
 *
 * @param <S> what a stream is to this end
 */
public abstract class H2Connection<S extends H2Stream> extends Http2ConnectionHandler {
    /** Window of a connection; that of each stream is what RFC 9113 section 6.9.2 begins with. */
    private static final int WINDOW_BYTES = 1024 * 1024;

    private final FrameOutput output;
    private final FrameGate gate;
    private final FrameBudget budget;
    private final PropertyKey streamKey;
    private final List<S> touched = new ArrayList<>();
    private final List<Http2Stream> ended = new ArrayList<>();
    private final Runnable flush = this::flushNow;

    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    private boolean flushAwaited;
    private boolean broken;

    /** A connection that begins with these settings once its handler is added. */
    protected H2Connection(FrameCodec codec, Http2Settings settings, Preface preface) {
        super(codec.decoder(), codec.encoder(), settings, true, preface == Preface.SENT_AT_ONCE);
        output = codec.output();
        gate = codec.gate();
        budget = codec.budget();
        streamKey = codec.connection().newKey();
    }

    /** When the connection preface leaves. */
    protected enum Preface {
        SENT_AT_ONCE,
        /** Together with the first request. */
        SENT_WITH_WRITES
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        connection().addListener(new Closings());
        encoder().flowController().listener(this::onWritabilityChanged);
        super.handlerAdded(added);
    }

    /** The connection as its pipeline knows it. */
    protected final ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    /** Whether frames can be sent. */
    protected final boolean isOpen() {
        return context != null && context.channel().isActive();
    }

    /** Lets the peer send more on all streams together than RFC 9113 section 6.9.2 begins with. */
    protected final void widenWindow() throws Http2Exception {
        int begun = decoder().flowController().initialWindowSize();
        decoder().flowController().incrementWindowSize(connection().connectionStream(), WINDOW_BYTES - begun);
    }

    // ---- what comes in -------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        reading = true;
        super.channelRead(ctx, message);
    }

    /** After an error of the connection nothing on it is looked at any more. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (broken) {
            int bytes = in.readableBytes();
            in.skipBytes(bytes);
            onDiscarded(bytes);
        } else {
            super.decode(ctx, in, out);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).onBatchEnd();
        }
        touched.clear();
        reading = false;
        super.channelReadComplete(ctx);
    }

    /** The stream hears of the end of this batch of reads. */
    protected final void touch(S stream) {
        if (stream.touch()) {
            touched.add(stream);
        }
    }

    /** From now on, whatever comes is thrown away. */
    protected final void breakOff() {
        broken = true;
    }

    /** Whether there was an error of the connection. */
    protected final boolean isBroken() {
        return broken;
    }

    /** So many octets have been thrown away. */
    protected void onDiscarded(int bytes) {}

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        gate.onResetSent(error.streamId());
        super.onStreamError(ctx, outbound, cause, error);
    }

    /** Where the peer's frames are counted. */
    protected final FrameGate gate() {
        return gate;
    }

    /** Useful work has been done on the connection: its peer may control more. */
    protected final void onUse() {
        budget.onUse();
    }

    // ---- streams -------------------------------------------------------------------------------------------------

    /** Lets the codec's stream be known as this one until it is closed. */
    protected final void bind(Http2Stream stream, S known) {
        stream.setProperty(streamKey, known);
    }

    /** What the stream of this number is known as, or null. */
    protected final @Nullable S find(int streamId) {
        return of(connection().stream(streamId));
    }

    /** What the codec's stream is known as, or null. */
    protected final @Nullable S of(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(streamKey);
    }

    /** Does something with each stream that is open. */
    protected final void forEachStream(Consumer<S> action) {
        forEachOpen(stream -> {
            S known = of(stream);
            if (known != null) {
                action.accept(known);
            }
        });
    }

    /** Does something with each of the codec's streams that is open. */
    protected final void forEachOpen(Consumer<Http2Stream> action) {
        try {
            connection().forEachActiveStream(stream -> {
                action.accept(stream);
                return true;
            });
        } catch (Http2Exception e) {
            throw new AssertionError("no visitor of ours throws it", e);
        }
    }

    private void onWritabilityChanged(Http2Stream stream) {
        S known = of(stream);
        if (known != null && isWritable(stream)) {
            known.onWritable();
        }
    }

    /**
     * A stream has been closed and has heard of it.
     *
     * @param known what it was known as, or null if it never was
     */
    protected abstract void onStreamClosed(@Nullable S known);

    /** Follows streams to their end, whoever brings it about. */
    private final class Closings extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            S known = stream.removeProperty(streamKey);
            if (known != null) {
                known.onClosed();
            }
            H2Connection.this.onStreamClosed(known);
        }
    }

    // ---- what goes out -------------------------------------------------------------------------------------------

    /** Sends a field section. */
    public final ChannelFuture writeHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        if (!goesAtOnce(stream)) {
            return encoder()
                    .writeHeaders(
                            context(), stream.id(), headers, 0, end, context().newPromise());
        }
        try {
            output.headers(context(), stream.id(), headers, end);
        } catch (Http2Exception e) {
            onError(context(), true, e);
            return context().newFailedFuture(e);
        }
        stream.headersSent(isInterim(headers));
        return sent(stream, end);
    }

    private static boolean isInterim(Http2Headers headers) {
        CharSequence status = headers.status();
        return status != null && status.charAt(0) == '1';
    }

    /** Sends content; the buffer stays the caller's. */
    public final ChannelFuture writeData(Http2Stream stream, ByteBuf data, int index, int length, boolean end) {
        onUse();
        if (length > FrameOutput.COPIED_BYTES || !goesAtOnce(stream) || !takeWindow(stream, length)) {
            ByteBuf kept = data.retainedSlice(index, length);
            return encoder()
                    .writeData(context(), stream.id(), kept, 0, end, context().newPromise());
        }
        output.data(context(), stream.id(), data, index, length, end);
        return sent(stream, end);
    }

    /** Sends the end of a stream. */
    public final ChannelFuture writeEnd(Http2Stream stream) {
        return writeData(stream, Unpooled.EMPTY_BUFFER, 0, 0, true);
    }

    /** Whether nothing of the stream has to wait for a window or for the channel, so that no queue is needed. */
    private boolean goesAtOnce(Http2Stream stream) {
        return isOpen()
                && !output.isClosed()
                && stream.state().localSideOpen()
                && context().channel().isWritable()
                && !encoder().flowController().hasFlowControlled(stream);
    }

    /** Uses up a part of the windows, as the flow controller does itself for what has waited in its queue. */
    private boolean takeWindow(Http2Stream stream, int bytes) {
        Http2RemoteFlowController flow = encoder().flowController();
        Http2Stream all = connection().connectionStream();
        if (flow.windowSize(stream) < bytes || flow.windowSize(all) < bytes) {
            return false;
        }
        try {
            flow.incrementWindowSize(stream, -bytes);
            flow.incrementWindowSize(all, -bytes);
        } catch (Http2Exception e) {
            throw new AssertionError("a window that shrinks cannot overflow", e);
        }
        return true;
    }

    /** A stream that has ended is closed when its end has left: whoever is writing to it may still be in the middle. */
    private ChannelFuture sent(Http2Stream stream, boolean end) {
        if (end) {
            ended.add(stream);
        }
        return context().newSucceededFuture();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        output.handOver(ctx);
        super.flush(ctx);
        for (int i = 0; i < ended.size(); i++) {
            closeStreamLocal(ended.get(i), ctx.newSucceededFuture());
        }
        ended.clear();
    }

    /** Ends a stream with an error code. */
    public final void reset(Http2Stream stream, Http2Error error) {
        gate.onResetSent(stream.id());
        encoder().writeRstStream(context(), stream.id(), error.code(), context().newPromise());
        flushSoon();
    }

    /** Asks for a sign of life. */
    protected final void ping(long content) {
        encoder().writePing(context(), false, content, context().newPromise());
        flushSoon();
    }

    /** Says that streams of the peer beyond this one are not looked at; not an error. */
    protected final void goAway(int lastStreamId) {
        goAway(
                context(),
                lastStreamId,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context().newPromise());
        flushSoon();
    }

    /** Whether the peer's window and the connection take more content of this stream. */
    public final boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    /** What the other side has taken, the peer may send again (RFC 9113 section 5.2). */
    public final void returnWindow(Http2Stream stream, int bytes) {
        try {
            decoder().flowController().consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
        flushSoon();
    }

    /** Sends what has been written once this turn of the event loop is over, together with other streams' frames. */
    public final void flushSoon() {
        if (!reading && !flushAwaited) {
            flushAwaited = true;
            context().executor().execute(flush);
        }
    }

    /** Sends what has been written and then closes the connection. */
    protected final void closeAfterFlush() {
        flushNow();
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void flushNow() {
        flushAwaited = false;
        if (isOpen()) {
            flush(context());
        }
    }
}
