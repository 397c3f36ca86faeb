package io.turnout.listener;

import io.turnout.http.ByteText;
import io.turnout.http.Refusal;
import io.turnout.http.RequestHead;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.ListenerTls;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a request that is well formed from becoming an exchange, and under which name each refusal is counted.
 *
 * <p>Confined to its connection's event loop.
 */
final class RequestGate {
    private final ListenerPlan plan;
    private final Peer peer;
    private final LoopMeter meter;
    private final ByteText host = new ByteText();

    RequestGate(ListenerPlan plan, Peer peer, LoopMeter meter) {
        this.plan = plan;
        this.peer = peer;
        this.meter = meter;
    }

    /** Why the request is not served; null when it may be. */
    @Nullable
    Refusal check(RequestHead request) {
        if (request.contentLength() > plan.limits().bodyBytes()) {
            return Refusal.BODY_TOO_LARGE;
        }
        return isMisdirected(request) ? Refusal.MISDIRECTED : null;
    }

    /** Whether the request names a host that the client's certificate was not chosen for (RFC 9110 section 15.5.20). */
    private boolean isMisdirected(RequestHead request) {
        ListenerTls tls = plan.tls();
        TlsSession session = peer.tls();
        return tls != null
                && session != null
                && tls.misdirected() == ListenerTls.Misdirected.REFUSED
                && session.isMisdirected(request.host(host));
    }

    void count(Refusal refusal) {
        meter.increment(
                switch (refusal) {
                    case GLITCHES -> Count.REFUSED_GLITCHES;
                    case MISDIRECTED -> Count.REFUSED_MISDIRECTED;
                    default -> isOfSize(refusal.status()) ? Count.REFUSED_TOO_LARGE : Count.REFUSED_MALFORMED;
                });
    }

    private static boolean isOfSize(int status) {
        return status == 413 || status == 414 || status == 431;
    }
}
