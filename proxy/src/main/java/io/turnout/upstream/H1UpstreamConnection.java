package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.turnout.http.Fields;
import io.turnout.http.Framing;
import io.turnout.http.H1BodyReader;
import io.turnout.http.H1BodyReader.Piece;
import io.turnout.http.H1HeadWriter;
import io.turnout.http.H1ResponseParser;
import io.turnout.http.HeadLimits;
import io.turnout.http.Method;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.loop.ChannelOutput;
import io.turnout.loop.Deadline;
import io.turnout.model.UpstreamFailure;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection to an endpoint: one request at a time, kept open between them.
 *
 * <p>Confined to its event loop. While it rests it stays readable, so that a late byte or a FIN takes it out of the pool
 * before anybody borrows it (RFC 9112 section 9.2).
 */
final class H1UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamConnection {
    private enum State {
        /** Resting, or just opened. */
        IDLE,
        /** Lent; the answer's head has not come yet. */
        AWAITING_HEAD,
        /** The answer's body is being read. */
        READING_BODY,
        /** The protocol has been changed: octets are passed on as they are. */
        TUNNEL,
        CLOSED
    }

    private final LoopPool pool;
    private final LoopEndpoint endpoint;
    private final UpstreamLoop loop;
    private final byte[] authority;
    private final byte @Nullable [] preamble;
    private final H1BodyReader body = new H1BodyReader();
    private final UpgradeOffer offer = new UpgradeOffer();
    private final Patience patience = new Patience();

    private @Nullable Channel channel;
    private @Nullable ChannelOutput output;
    private @Nullable ResponseSink sink;
    private @Nullable ResponseHead partialHead;
    private State state = State.IDLE;
    private Method method = Method.GET;
    private Framing requestFraming = Framing.NONE;
    private boolean requestSent;
    private boolean keepAlive;
    private boolean paused;
    private boolean failed;

    /** The backend has stopped reading, and may still be heard. */
    private boolean takesNoMore;

    private boolean secured;
    private boolean endAnnounced;
    private int served;
    private int interims;

    H1UpstreamConnection(LoopPool pool, LoopEndpoint endpoint, UpstreamLoop loop, byte @Nullable [] preamble) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.loop = loop;
        this.preamble = preamble;
        authority = endpoint.name().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public LoopEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean isReused() {
        return served > 1;
    }

    /** The PROXY protocol preamble it began with, or null; not to be written to. */
    byte @Nullable [] preamble() {
        return preamble;
    }

    /** Begins an attempt. */
    void lend() {
        served++;
        state = State.AWAITING_HEAD;
        requestSent = false;
        interims = 0;
        keepAlive = true;
        endpoint.onRequest();
    }

    @Override
    public void sendHead(RequestHead head, byte[] forwardedLines, ResponseSink newSink) {
        sink = newSink;
        method = head.method();
        requestFraming = head.framing();
        offer.begin(head);
        int room = H1HeadWriter.estimate(head.fields()) + forwardedLines.length;
        ByteBuf out = output().roomForHead(room, head.contentLength());
        loop.headWriter().request(head, forwardedLines, authority, out);
        expect(pool.plan().responseNanos());
    }

    @Override
    public void sendBody(ByteBuf buffer, int index, int length) {
        ChannelOutput out = output();
        if (requestFraming == Framing.STREAM) {
            loop.headWriter().chunkStart(length, out.room(16));
            out.write(buffer, index, length);
            loop.headWriter().chunkEnd(out.room(2));
        } else {
            out.write(buffer, index, length);
        }
        if (state != State.TUNNEL) {
            expect(pool.plan().responseNanos());
        }
    }

    @Override
    public void sendEnd(@Nullable Fields trailers) {
        requestSent = true;
        if (state == State.TUNNEL) {
            endTunnelOutput();
            return;
        }
        if (requestFraming == Framing.STREAM) {
            int room = trailers == null ? 16 : H1HeadWriter.estimate(trailers);
            loop.headWriter().lastChunk(trailers, output().room(room));
        }
        if (state == State.AWAITING_HEAD) {
            expect(pool.plan().responseNanos());
        }
    }

    @Override
    public void flush() {
        output().flush();
    }

    @Override
    public boolean isWritable() {
        return output().isWritable();
    }

    @Override
    public void pauseReading(boolean pause) {
        if (paused == pause || channel == null) {
            return;
        }
        paused = pause;
        channel.config().setAutoRead(!pause);
        if (state == State.READING_BODY) {
            if (pause) {
                loop.deadlines().clear(patience);
            } else {
                expect(pool.plan().idleNanos());
            }
        }
    }

    @Override
    public void giveBackUnused() {
        if (state == State.AWAITING_HEAD) {
            endpoint.onRequestEnd(false);
            state = State.IDLE;
            served--;
            expect(pool.plan().idleNanos());
            pool.takeBack(this);
        }
    }

    @Override
    public void abort() {
        if (isAnswering()) {
            endpoint.onRequestEnd(failed);
        }
        sink = null;
        if (state == State.TUNNEL) {
            closeTunnel();
        } else {
            close();
        }
    }

    /** What has been passed on already is still delivered when the tunnel has come to its end on both sides. */
    private void closeTunnel() {
        endpoint.onRequestEnd(false);
        Channel open = Objects.requireNonNull(channel);
        if (!requestSent) {
            close();
            return;
        }
        state = State.IDLE;
        output().flush();
        expect(pool.plan().idleNanos());
        open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void endTunnelOutput() {
        Channel open = Objects.requireNonNull(channel);
        output().flush();
        open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (open.isActive()) {
                shutOutput(open);
            }
        });
    }

    /** A FIN without close_notify before it would look like a cut (RFC 8446 section 6.1). */
    private static void shutOutput(Channel open) {
        SslHandler tls = open.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) open).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(written -> ((DuplexChannel) open).shutdownOutput());
        }
    }

    /** Closes the connection; nobody is told. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        loop.deadlines().remove(patience);
        if (partialHead != null) {
            loop.heads().giveBack(partialHead);
            partialHead = null;
        }
        if (output != null) {
            output.discard();
        }
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        output = new ChannelOutput(context.channel());
        secured = context.pipeline().get(SslHandler.class) != null;
        // Or an answer that came before the backend stopped reading would be lost with the first write that fails.
        context.channel().config().setAutoClose(false);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            read(in);
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in) {
        while (true) {
            switch (state) {
                case IDLE -> {
                    // Octets nobody asked for: whatever they are, they are not the answer to the next request.
                    if (in.isReadable()) {
                        close();
                    }
                    return;
                }
                case AWAITING_HEAD -> {
                    if (!readHead(in)) {
                        return;
                    }
                }
                case READING_BODY -> {
                    if (!readBody(in)) {
                        return;
                    }
                }
                case TUNNEL -> {
                    passOn(in);
                    return;
                }
                case CLOSED -> {
                    return;
                }
            }
        }
    }

    /** Answers whether there may be more to do with the same buffer. */
    private boolean readHead(ByteBuf in) {
        ResponseSink listener = sink;
        if (listener == null) {
            // An answer before a request was written: the endpoint speaks out of turn.
            fail(UpstreamFailure.INVALID_ANSWER);
            return false;
        }
        ResponseHead head = partialHead != null ? partialHead : loop.heads().borrowResponse();
        partialHead = null;
        H1ResponseParser.Progress progress = loop.responseParser().parse(head, in, HeadLimits.DEFAULT, method);
        if (progress == H1ResponseParser.Progress.PARTIAL) {
            partialHead = head;
            return false;
        }
        boolean goOn = progress == H1ResponseParser.Progress.COMPLETE && onHead(head, listener);
        loop.heads().giveBack(head);
        if (progress == H1ResponseParser.Progress.REFUSED) {
            fail(UpstreamFailure.INVALID_ANSWER);
        }
        return goOn;
    }

    private boolean onHead(ResponseHead head, ResponseSink listener) {
        if (head.status() == 101) {
            return onSwitch(head, listener);
        }
        if (head.isInterim()) {
            if (++interims > MAX_INTERIMS) {
                fail(UpstreamFailure.INVALID_ANSWER);
                return false;
            }
            expect(pool.plan().responseNanos());
            listener.onInterim(head);
            return true;
        }
        if (offer.isMisleading(head)) {
            fail(UpstreamFailure.UPGRADE_FAILED);
            return false;
        }
        keepAlive = head.keepAlive();
        body.begin(head.framing(), head.contentLength());
        state = State.READING_BODY;
        expect(pool.plan().idleNanos());
        listener.onHead(head);
        return true;
    }

    /** Only what was offered can have been granted (RFC 9110 section 7.8). */
    private boolean onSwitch(ResponseHead head, ResponseSink listener) {
        String granted = offer.granted(head);
        if (granted == null) {
            fail(UpstreamFailure.INVALID_ANSWER);
            return false;
        }
        state = State.TUNNEL;
        requestSent = false;
        loop.deadlines().clear(patience);
        // Either side of a tunnel may end before the other; set here, because elsewhere a FIN has to close.
        Objects.requireNonNull(channel).config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        listener.onSwitch(head, granted);
        return true;
    }

    private void passOn(ByteBuf in) {
        ResponseSink listener = sink;
        if (listener != null && in.isReadable()) {
            int index = in.readerIndex();
            int length = in.readableBytes();
            in.skipBytes(length);
            listener.onAnswerBody(in, index, length);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
            endAnnounced = true;
            context.close();
        } else if (event instanceof ChannelInputShutdownEvent) {
            ResponseSink listener = sink;
            if (state == State.TUNNEL && listener != null) {
                listener.onHalfClosed();
            } else {
                context.close();
            }
        }
    }

    private boolean readBody(ByteBuf in) {
        ResponseSink listener = sink;
        if (listener == null) {
            throw new AssertionError("reading a body for nobody");
        }
        Piece piece = body.next(in);
        switch (piece) {
            case DATA -> {
                if (!paused) {
                    expect(pool.plan().idleNanos());
                }
                listener.onAnswerBody(in, body.dataIndex(), body.dataLength());
                return true;
            }
            case END -> {
                finish(listener, in.isReadable());
                return false;
            }
            case MORE -> {
                return false;
            }
            case REFUSED -> {
                fail(UpstreamFailure.TRUNCATED);
                return false;
            }
        }
        throw new AssertionError(piece);
    }

    private void finish(ResponseSink listener, boolean surplus) {
        sink = null;
        endpoint.onRequestEnd(failed);
        if (keepAlive && requestSent && !takesNoMore && !surplus && !body.endsWithConnection()) {
            state = State.IDLE;
            if (paused) {
                pauseReading(false);
            }
            expect(pool.plan().idleNanos());
            Fields trailers = body.trailers();
            if (trailers != null) {
                // The sink must see the trailers before the next borrower's answer can overwrite them.
                listener.onEnd(trailers);
                pool.takeBack(this);
                return;
            }
            pool.takeBack(this);
            listener.onEnd(null);
            return;
        }
        close();
        listener.onEnd(body.trailers());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (sink != null) {
            sink.onBatchEnd();
        }
    }

    /** Over TLS, a FIN that nobody announced may be the work of somebody in between (RFC 8446 section 6.1). */
    private boolean endsByItself() {
        return body.endsWithConnection() && !failed && !takesNoMore && (!secured || endAnnounced);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            // Pending octets count before they are flushed; without this an unwritable channel could stay so.
            context.flush();
        } else if (sink != null && !requestSent) {
            sink.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ResponseSink listener = sink;
        if (state == State.READING_BODY && endsByItself() && listener != null) {
            sink = null;
            endpoint.onRequestEnd(false);
            close();
            listener.onEnd(null);
        } else if (state == State.READING_BODY) {
            fail(UpstreamFailure.TRUNCATED);
        } else if (state == State.AWAITING_HEAD) {
            fail(partialHead == null ? UpstreamFailure.RESET : UpstreamFailure.INVALID_ANSWER);
        } else if (state == State.TUNNEL) {
            fail(UpstreamFailure.TRUNCATED);
        }
        close();
        pool.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (isAnswering() && ((DuplexChannel) context.channel()).isOutputShutdown()) {
            // It takes no more of the request, but may have answered before: what it said can still be read.
            takesNoMore = true;
            return;
        }
        // A reset: the answer, if one was coming, did not end by itself. channelInactive follows.
        failed = true;
        context.close();
    }

    private boolean isAnswering() {
        return state == State.AWAITING_HEAD || state == State.READING_BODY;
    }

    private void fail(UpstreamFailure failure) {
        ResponseSink listener = sink;
        failed = true;
        if (isAnswering()) {
            endpoint.onRequestEnd(true);
        } else if (state == State.TUNNEL) {
            endpoint.onRequestEnd(false);
        }
        sink = null;
        close();
        if (listener != null) {
            listener.onFailure(failure);
        }
    }

    private void expect(long nanos) {
        loop.deadlines().setAfter(patience, nanos);
    }

    private ChannelOutput output() {
        ChannelOutput out = output;
        if (out == null) {
            throw new AssertionError("used before it was open");
        }
        return out;
    }

    /** Ends a rest that lasted too long, and an answer that does not come or does not go on. */
    private final class Patience extends Deadline {
        @Override
        protected void onDeadline(long nowNanos) {
            switch (state) {
                case IDLE -> close();
                case AWAITING_HEAD -> fail(UpstreamFailure.RESPONSE_TIMEOUT);
                case READING_BODY -> fail(UpstreamFailure.STALLED);
                case TUNNEL, CLOSED -> {}
            }
        }
    }
}
