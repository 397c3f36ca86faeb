package io.turnout.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpContentException;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request whole. One that is too large goes on as a failed one, without its body, and is answered where all
 * failures are: in its turn and in the same form. Confined to its event loop.
 */
final class BoundedRequests extends HttpObjectAggregator {
    BoundedRequests(int maxBytes) {
        super(maxBytes, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
        if (!(oversized instanceof HttpRequest request)) {
            throw new AssertionError("not a request: " + oversized.getClass());
        }
        var failed = new DefaultFullHttpRequest(
                request.protocolVersion(), request.method(), request.uri(), Unpooled.EMPTY_BUFFER);
        failed.setDecoderResult(
                DecoderResult.failure(new TooLongHttpContentException("more than " + maxContentLength() + " bytes")));
        ctx.fireChannelRead(failed);
    }

    /** Invites no body that would then be refused. Expectations we do not know are not met and not held against anybody. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int maxBytes, ChannelPipeline pipeline) {
        return HttpUtil.is100ContinueExpected(start) && !isContentLengthInvalid(start, maxBytes)
                ? super.newContinueResponse(start, maxBytes, pipeline)
                : null;
    }
}
