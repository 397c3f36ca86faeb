package io.turnout.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.HealthPlan;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;

/**
 * Asks an endpoint's health service of gRPC; only {@code SERVING} under status 0 is well. Confined to its event loop.
 */
final class GrpcProbe extends H2ProbeConnection {
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final String OK = "0";

    private final HealthPlan.GrpcCheck check;
    private final EndpointPlan endpoint;
    private final long timeoutNanos;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    GrpcProbe(
            EndpointProbe probe,
            UpstreamLoop loop,
            HealthPlan.GrpcCheck check,
            EndpointPlan endpoint,
            long timeoutNanos) {
        super(probe, loop);
        this.check = check;
        this.endpoint = endpoint;
        this.timeoutNanos = timeoutNanos;
    }

    @Override
    void ask(ChannelHandlerContext ctx) {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
        Http2Headers head = ReadOnlyHttp2Headers.clientHeaders(
                false,
                AsciiString.cached("POST"),
                GrpcHealth.PATH,
                AsciiString.cached(endpoint.scheme()),
                new AsciiString(endpoint.name()),
                AsciiString.cached("content-type"),
                GRPC,
                AsciiString.cached("te"),
                AsciiString.cached("trailers"),
                AsciiString.cached("grpc-timeout"),
                new AsciiString(millis + "m"),
                AsciiString.cached("user-agent"),
                AGENT);
        encoder().writeHeaders(ctx, STREAM, head, 0, false, ctx.newPromise());
        ByteBuf question = Unpooled.wrappedBuffer(GrpcHealth.request(check.service()));
        encoder().writeData(ctx, STREAM, question, 0, true, ctx.newPromise());
    }

    @Override
    void onHead(int status, Http2Headers section, boolean end) {
        if (status != 200) {
            tell("status " + status, EndpointProbe.Verdict.BAD);
        } else if (end) {
            onTrailers(section);
        }
    }

    @Override
    void onContent(ByteBuf content, boolean end) {
        if (end) {
            giveUp("an answer without grpc-status");
        } else if (answer.size() + content.readableBytes() > GrpcHealth.MAX_ANSWER_BYTES) {
            giveUp("an answer that is too long");
        } else {
            byte[] piece = new byte[content.readableBytes()];
            content.getBytes(content.readerIndex(), piece);
            answer.writeBytes(piece);
        }
    }

    @Override
    void onTrailers(Http2Headers trailers) {
        CharSequence status = trailers.get("grpc-status");
        if (status == null) {
            giveUp("an answer without grpc-status");
        } else if (!AsciiString.contentEquals(OK, status)) {
            tell("grpc-status " + status, EndpointProbe.Verdict.BAD);
        } else {
            String said = GrpcHealth.servingStatus(answer.toByteArray());
            tell(said, EndpointProbe.Verdict.of(said.equals(GrpcHealth.SERVING)));
        }
    }
}
