package io.turnout.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.HealthPlan;

/** Asks an endpoint that speaks HTTP/2 with GET; its status is the answer. Confined to its event loop. */
final class H2GetProbe extends H2ProbeConnection {
    private final HealthPlan.Get get;
    private final EndpointPlan endpoint;

    H2GetProbe(EndpointProbe probe, UpstreamLoop loop, HealthPlan.Get get, EndpointPlan endpoint) {
        super(probe, loop);
        this.get = get;
        this.endpoint = endpoint;
    }

    @Override
    void ask(ChannelHandlerContext ctx) {
        Http2Headers head = ReadOnlyHttp2Headers.clientHeaders(
                false,
                AsciiString.cached("GET"),
                new AsciiString(get.path()),
                AsciiString.cached(endpoint.scheme()),
                new AsciiString(endpoint.name()),
                AsciiString.cached("user-agent"),
                AGENT);
        encoder().writeHeaders(ctx, STREAM, head, 0, true, ctx.newPromise());
    }

    @Override
    void onHead(int status, Http2Headers section, boolean end) {
        tell("status " + status, EndpointProbe.Verdict.of(get.isGood(status)));
    }
}
