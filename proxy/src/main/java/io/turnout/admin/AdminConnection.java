package io.turnout.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the admin listener: takes a request, has it answered, writes the answer, and only then reads the
 * next. So pipelined requests are answered in order, and a client that sends many holds nobody up but itself.
 *
 * <p>Confined to its event loop; answers that are completed elsewhere come back to it.
 */
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);
    private static final long ANSWER_WITHIN_MILLIS = 30_000;
    private static final long LINGER_MILLIS = 2_000;
    private static final Answer TOO_SLOW = ProblemKind.TOO_SLOW.answer("an incomplete request", "a complete one");
    private static final Answer UNCONFIRMED =
            ProblemKind.UNCONFIRMED.answer("it may still happen; ask for the status before trying again");

    private final Function<AdminRequest, CompletionStage<Answer>> calls;
    private final InstantSource clock;
    private final RequestDeadline deadline;
    private @Nullable ChannelHandlerContext deadlineContext;

    /** Requests that came in one read with the one being answered; no more is read until they are answered. */
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();

    private State state = State.READY;
    private boolean inputEnded;

    /** Whether the request being answered came by a version that knows chunks. */
    private boolean chunks;

    private enum State {
        /** Waiting for a request. */
        READY,
        /** A request is being answered. */
        ANSWERING,
        /** An answer without end is being written. */
        STREAMING,
        /** The last answer is being written. */
        ENDING,
        /** The last answer is written; what still arrives is dropped. */
        LINGERING
    }

    AdminConnection(
            Function<AdminRequest, CompletionStage<Answer>> calls, InstantSource clock, RequestDeadline deadline) {
        this.calls = calls;
        this.clock = clock;
        this.deadline = deadline;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadlineContext = ctx.pipeline().context(deadline);
        next(ctx);
        ctx.fireChannelActive();
    }

    private void next(ChannelHandlerContext ctx) {
        FullHttpRequest here = waiting.poll();
        if (here != null) {
            try {
                begin(ctx, here);
            } finally {
                here.release();
            }
        } else if (inputEnded) {
            ctx.close();
        } else {
            if (deadlineContext != null) {
                deadline.onReady(deadlineContext);
            }
            ctx.read();
        }
    }

    /** A batch of reads that brought only part of a request has used the demand up: it is still wanted. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.READY && !inputEnded) {
            ctx.read();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        if (state == State.READY) {
            begin(ctx, message);
        } else if (state == State.ANSWERING) {
            waiting.add(message.retain());
        } else if (state == State.STREAMING) {
            ctx.close(); // no answer to this one would ever come
        }
    }

    private void begin(ChannelHandlerContext ctx, FullHttpRequest message) {
        state = State.ANSWERING;
        deadline.onRequest();
        if (message.decoderResult().isFailure()) {
            end(ctx, refusal(message.decoderResult().cause()));
            return;
        }
        boolean keepAlive = HttpUtil.isKeepAlive(message);
        chunks = message.protocolVersion().isKeepAliveDefault();
        AdminRequest request = new AdminRequest(
                message.method().name(),
                message.uri(),
                message.headers(),
                Body.of(ByteBufUtil.getBytes(message.content())),
                (InetSocketAddress) ctx.channel().remoteAddress(),
                (InetSocketAddress) ctx.channel().localAddress());
        // A change that is not confirmed in time is not undone: the answer says that it may still happen.
        Future<?> timer = ctx.executor()
                .schedule(() -> answer(ctx, UNCONFIRMED, false), ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        answerOf(request)
                .whenComplete((answer, failure) -> ctx.executor().execute(() -> {
                    timer.cancel(false);
                    answer(ctx, failure == null ? answer : unexpected(request, failure), keepAlive);
                }));
    }

    private CompletionStage<Answer> answerOf(AdminRequest request) {
        try {
            return calls.apply(request);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(unexpected(request, e));
        }
    }

    private static Answer unexpected(AdminRequest request, Throwable failure) {
        LOG.error("admin call {} {} failed", request.method(), request.path(), failure);
        return ProblemKind.INTERNAL.answer("the log says what happened");
    }

    private static Answer refusal(Throwable cause) {
        if (cause instanceof TooLongHttpContentException) {
            return tooLong(ProblemKind.BODY_TOO_LARGE, AdminServer.MAX_BODY_BYTES);
        }
        if (cause instanceof TooLongHttpLineException) {
            return tooLong(ProblemKind.LINE_TOO_LONG, AdminServer.MAX_LINE_BYTES);
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return tooLong(ProblemKind.HEADER_TOO_LARGE, AdminServer.MAX_HEADER_BYTES);
        }
        return ProblemKind.MALFORMED_REQUEST.answer("a malformed message", "HTTP/1.1 as in RFC 9112");
    }

    private static Answer tooLong(ProblemKind kind, int limitBytes) {
        return kind.answer("more than " + limitBytes + " bytes", "at most " + limitBytes + " bytes");
    }

    private void answer(ChannelHandlerContext ctx, Answer answer, boolean keepAlive) {
        if (state != State.ANSWERING) {
            return;
        }
        if (answer.stream() != null) {
            stream(ctx, answer, answer.stream());
            return;
        }
        if (!keepAlive) {
            end(ctx, answer);
            return;
        }
        ctx.writeAndFlush(response(answer, true)).addListener(written -> {
            if (written.isSuccess()) {
                state = State.READY;
                next(ctx);
            } else {
                ctx.close();
            }
        });
    }

    /**
     * Answers for the last time. What the client still sends is read and dropped for a moment: closing with unread data
     * would reset the connection and could take the answer away from the client.
     */
    private void end(ChannelHandlerContext ctx, Answer answer) {
        state = State.ENDING;
        deadline.onRequest();
        ctx.writeAndFlush(response(answer, false)).addListener(written -> {
            if (!written.isSuccess() || inputEnded) {
                ctx.close();
                return;
            }
            state = State.LINGERING;
            endOutput(ctx);
            ctx.channel().config().setAutoRead(true);
            Future<?> timer = ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            ctx.channel().closeFuture().addListener(closed -> timer.cancel(false));
        });
    }

    /** Under TLS the client is told first, so that it can tell an end from a cut. */
    private static void endOutput(ChannelHandlerContext ctx) {
        SocketChannel channel = (SocketChannel) ctx.channel();
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(told -> channel.shutdownOutput());
        }
    }

    /** The answer lasts until the connection ends; for HTTP/1.0, which knows no chunks, its end is the only mark. */
    private void stream(ChannelHandlerContext ctx, Answer answer, Answer.Stream body) {
        if (!waiting.isEmpty()) {
            ctx.close();
            return;
        }
        state = State.STREAMING;
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        fill(head.headers(), answer);
        if (chunks) {
            HttpUtil.setTransferEncodingChunked(head, true);
        } else {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ctx.write(head, ctx.voidPromise());
        body.begin(ctx.channel());
        ctx.read();
    }

    private FullHttpResponse response(Answer answer, boolean keepAlive) {
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body().octets()));
        var fields = response.headers();
        if (answer.status() != HttpResponseStatus.NOT_MODIFIED.code()) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, answer.body().octets().length);
        }
        fill(fields, answer);
        if (!keepAlive) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    private void fill(HttpHeaders fields, Answer answer) {
        fields.set(
                HttpHeaderNames.DATE,
                DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC)));
        if (!answer.contentType().isEmpty()) {
            fields.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        fields.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        fields.set("X-Content-Type-Options", "nosniff");
        answer.fields().forEach(fields::set);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            if (state == State.READY || state == State.LINGERING) {
                ctx.close();
            }
        } else if (event instanceof RequestDeadline.Expired && state == State.READY) {
            end(ctx, TOO_SLOW);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.LINGERING;
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean tls = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (tls || cause instanceof IOException || cause instanceof WriteTimeoutException) {
            LOG.debug("admin connection from {} lost: {}", ctx.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error("admin connection from {} failed", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }
}
