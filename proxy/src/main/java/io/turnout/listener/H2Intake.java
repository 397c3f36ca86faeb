package io.turnout.listener;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.turnout.exchange.DataLoop;
import io.turnout.exchange.OwnAnswer;
import io.turnout.http.Fields;
import io.turnout.http.H2RequestReader;
import io.turnout.http.HeadLimits;
import io.turnout.http.Refusal;
import io.turnout.http.RequestHead;
import io.turnout.snapshot.ListenerPlan;
import java.util.ArrayDeque;

/**
 * What becomes of the field sections a client sends on its streams: requests, refusals, trailers, or an error of the
 * stream; and the streams at rest that serve the next ones.
 *
 * <p>Confined to its connection's event loop.
 */
final class H2Intake {
    /** Streams at rest that are kept for the next request. */
    private static final int KEPT_STREAMS = 8;

    private final H2ServerConnection connection;
    private final DataLoop loop;
    private final HeadLimits limits;
    private final RequestGate gate;
    private final ClientOrigin origin;
    private final H2RequestReader reader = new H2RequestReader();
    private final ArrayDeque<H2ServerStream> resting = new ArrayDeque<>();

    H2Intake(H2ServerConnection connection, DataLoop loop, ListenerPlan plan, Peer peer) {
        this.connection = connection;
        this.loop = loop;
        limits = new HeadLimits(
                plan.limits().startLineBytes(),
                plan.limits().headBytes(),
                plan.limits().fields(),
                plan.encodedSlashes());
        gate = new RequestGate(plan, peer, loop.meter());
        origin = new ClientOrigin(peer, plan);
    }

    /**
     * Begins a stream with the section that opens it.
     *
     * @param complete whether no content follows
     * @throws Http2Exception an error of the stream when the request is malformed (RFC 9113 section 8.1.1)
     */
    void onRequest(Http2Stream opened, Http2Headers section, boolean complete) throws Http2Exception {
        RequestHead head = loop.heads().borrowRequest();
        H2RequestReader.Verdict verdict = reader.read(section, complete, head, limits);
        if (verdict == H2RequestReader.Verdict.MALFORMED) {
            loop.heads().giveBack(head);
            throw Http2Exception.streamError(opened.id(), Http2Error.PROTOCOL_ERROR, "malformed request");
        }
        H2ServerStream stream = resting.isEmpty() ? new H2ServerStream(connection) : resting.removeLast();
        stream.open(opened, complete);
        connection.onOpened(opened, stream);
        Refusal refusal = verdict == H2RequestReader.Verdict.REFUSED ? reader.refusal() : gate.check(head);
        if (refusal == null) {
            stream.begin(head, origin);
        } else {
            refuse(stream, head, refusal);
        }
    }

    /** Answers a request that never became an exchange; the streams beside it are not concerned. */
    private void refuse(H2ServerStream stream, RequestHead head, Refusal refusal) {
        gate.count(refusal);
        OwnAnswer.Body body = OwnAnswer.Body.of(head);
        loop.heads().giveBack(head);
        OwnAnswer.send(stream, loop.heads(), refusal.status(), "http_request_error", refusal.text(), body);
    }

    /** Ends a request with the section behind its content; an error of the stream when that is malformed. */
    void onTrailers(H2ServerStream stream, int streamId, Http2Headers section) throws Http2Exception {
        Fields trailers = new Fields();
        // RFC 9113 section 8.5: on a tunnel there is nothing but DATA.
        if (stream.isTunnel() || !H2RequestReader.readTrailers(section, trailers, limits)) {
            throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "malformed trailers");
        }
        stream.onRequestEnd(trailers.count() == 0 ? null : trailers);
    }

    /** A stream has been closed and may serve another request. */
    void takeBack(H2ServerStream stream) {
        if (resting.size() < KEPT_STREAMS) {
            resting.addLast(stream);
        }
    }
}
