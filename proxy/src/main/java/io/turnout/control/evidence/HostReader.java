package io.turnout.control.evidence;

import io.turnout.judge.HostCounts;
import io.turnout.judge.WarmUp;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.telemetry.EndpointMeter;
import java.util.IdentityHashMap;
import java.util.List;

/** Reads the endpoints of one variant, tick by tick. Confined to the control thread. */
final class HostReader {
    private static final class Host {
        final EndpointMeter meter;
        long judged;
        long charged;
        long newJudged;
        long newCharged;
        long requests;
        boolean busy;
        boolean serves;
        long servesSinceNanos;

        Host(EndpointMeter meter) {
            this.meter = meter;
            judged = meter.judged();
            charged = meter.charged();
            requests = meter.requests();
        }

        void advance(long nowNanos) {
            long judgedNow = meter.judged();
            // Counted after the answer it belongs to, so read before it could be more than that; never the other way.
            long chargedNow = Math.min(meter.charged(), judgedNow);
            newJudged = judgedNow - judged;
            newCharged = Math.min(chargedNow - charged, newJudged);
            judged = judgedNow;
            charged += newCharged;
            long requestsNow = meter.requests();
            busy = requestsNow != requests || meter.active() > 0;
            requests = requestsNow;
            if (!serves && newJudged > 0) {
                serves = true;
                servesSinceNanos = nowNanos;
            }
        }

        /** The first requests are late before there is a first answer: from the first one sent, it is warming up. */
        boolean warmsUp(long nowNanos) {
            return serves ? !WarmUp.DEFAULT.isOver(meter.judged(), nowNanos - servesSinceNanos) : busy;
        }
    }

    private List<EndpointMeter> meters = List.of();
    private Host[] hosts = {};
    private long layout;

    /** From now on, these are the endpoints; those that stay keep what is known of them. */
    void follow(List<EndpointPlan> endpoints) {
        List<EndpointMeter> next = endpoints.stream().map(EndpointPlan::meter).toList();
        if (next.equals(meters)) {
            return;
        }
        IdentityHashMap<EndpointMeter, Host> known = new IdentityHashMap<>();
        for (Host host : hosts) {
            known.put(host.meter, host);
        }
        hosts = next.stream()
                .map(meter -> known.computeIfAbsent(meter, Host::new))
                .toArray(Host[]::new);
        meters = next;
        layout++;
    }

    void advance(long nowNanos) {
        for (Host host : hosts) {
            host.advance(nowNanos);
        }
    }

    /** Whether an endpoint that serves is too new for its latency to count. */
    boolean anyWarmsUp(long nowNanos) {
        for (Host host : hosts) {
            if (host.warmsUp(nowNanos)) {
                return true;
            }
        }
        return false;
    }

    /** Tells what is new since the last look. */
    void tell(HostCounts counts) {
        counts.arrange(hosts.length, layout);
        for (int slot = 0; slot < hosts.length; slot++) {
            counts.add(slot, hosts[slot].newJudged, hosts[slot].newCharged);
        }
    }
}
