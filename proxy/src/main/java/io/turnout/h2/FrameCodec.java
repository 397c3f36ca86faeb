package io.turnout.h2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;
import io.turnout.model.Ticker;

/**
 * The parts of one HTTP/2 connection, put together with every check on and every limit in force from the first frame.
 *
 * @param output stands behind the encoder
 * @param gate stands before the decoder
 * @param budget what the gate holds frames against
 */
public record FrameCodec(
        Http2Connection connection,
        Http2ConnectionDecoder decoder,
        Http2ConnectionEncoder encoder,
        FrameOutput output,
        FrameGate gate,
        FrameBudget budget) {
    /** CONTINUATION frames of little content one header block may be spread over (CVE-2026-33871). */
    private static final int SMALL_CONTINUATIONS = 16;

    /** What is larger than the limit, but not so many times as large, is answered with 431 rather than cut off. */
    private static final int HEAD_TOLERANCE = 4;

    /** Values that must not enter a compression table that others can probe (RFC 7541 section 7.1.3). */
    private static final SensitivityDetector SECRETS = (name, value) -> {
        int length = name.length();
        return (length == 6 && AsciiString.contentEquals("cookie", name))
                || (length == 10 && AsciiString.contentEquals("set-cookie", name))
                || (length == 13 && AsciiString.contentEquals("authorization", name));
    };

    /** Which end of a connection we are. */
    public enum Role {
        SERVER,
        CLIENT
    }

    /**
     * The parts for one connection.
     *
     * @param headBytes largest header list taken
     * @param streams most streams the peer may have open
     */
    public static FrameCodec create(Role role, int headBytes, int streams, Ticker ticker) {
        Http2Connection connection = new DefaultHttp2Connection(role == Role.SERVER, 0);
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        if (role == Role.SERVER) {
            // Not only once our SETTINGS are acknowledged: a client that never does so has no more than the others.
            connection.remote().maxActiveStreams(streams);
        }
        FrameOutput output = new FrameOutput(new DefaultHttp2HeadersEncoder(SECRETS));
        DefaultHttp2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, output);
        Http2HeadersDecoder heads = new Heads(headBytes);
        try {
            heads.configuration().maxHeaderListSize(headBytes, (long) headBytes * HEAD_TOLERANCE);
        } catch (Http2Exception e) {
            throw new AssertionError("head limit of " + headBytes + " octets", e);
        }
        Http2FrameReader reader = new DefaultHttp2FrameReader(heads, SMALL_CONTINUATIONS);
        FrameBudget budget = new FrameBudget(ticker.nanos());
        FrameGate gate = new FrameGate(reader, connection, budget, ticker);
        return new FrameCodec(connection, new Decoder(connection, encoder, gate), encoder, output, gate, budget);
    }

    /**
     * Decodes sections into one object that is used again. Does not hold them to any rule: the readers in {@code http} do,
     * octet by octet, and answer with an error of the stream where the codec would.
     */
    private static final class Heads extends DefaultHttp2HeadersDecoder {
        private final FieldSection section = new FieldSection();

        Heads(int headBytes) {
            super(false, headBytes);
        }

        @Override
        protected Http2Headers newHeaders() {
            section.clear();
            return section;
        }
    }

    /** Keeps the tolerance for too large heads when our SETTINGS are acknowledged. */
    private static final class Decoder extends DefaultHttp2ConnectionDecoder {
        Decoder(Http2Connection connection, Http2ConnectionEncoder encoder, Http2FrameReader reader) {
            super(connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, true, true);
        }

        @Override
        protected long calculateMaxHeaderListSizeGoAway(long maxHeaderListSize) {
            return maxHeaderListSize * HEAD_TOLERANCE;
        }
    }
}
