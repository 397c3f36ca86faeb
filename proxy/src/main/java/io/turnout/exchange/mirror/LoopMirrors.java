package io.turnout.exchange.mirror;

import io.turnout.compare.ComparisonRules;
import io.turnout.http.ByteText;
import io.turnout.http.Framing;
import io.turnout.http.HeadPool;
import io.turnout.http.RequestHead;
import io.turnout.loop.Deadlines;
import io.turnout.shadow.ComparisonSink;
import io.turnout.snapshot.MirrorPlan;
import io.turnout.snapshot.MirrorPlan.Control;
import io.turnout.snapshot.RoutePlan;
import io.turnout.snapshot.Snapshot;
import io.turnout.telemetry.MirrorBudget;
import io.turnout.telemetry.MirrorDrop;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.MirrorUnpaired;
import io.turnout.upstream.LoopPool;
import io.turnout.upstream.LoopUpstreams;
import io.turnout.upstream.UpstreamLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The mirrors of one event loop, with connections of their own: a shadow that hangs takes none that an original could
 * have used, also where the pool serves originals of another route.
 *
 * <p>Confined to its event loop.
 */
public final class LoopMirrors {
    private static final int KEPT = 256;

    private record Key(String route, String pool, String leg) {}

    private final UpstreamLoop loop;
    private final LoopUpstreams upstreams;
    private final ComparisonSink comparisons;
    private final ChildTrace trace = new ChildTrace(new SplittableRandom().nextLong());
    private final ArrayDeque<CopiedRequest> restingRequests = new ArrayDeque<>();
    private Map<Key, LoopMirror> byKey = Map.of();
    private LoopMirror[] byId = {};

    /** No mirrors yet. */
    public LoopMirrors(UpstreamLoop loop, ComparisonSink comparisons) {
        this.loop = loop;
        this.upstreams = new LoopUpstreams(loop);
        this.comparisons = comparisons;
    }

    /** Follows a new snapshot; mirrors that stay keep connections, draws and breakers. */
    public void adopt(Snapshot snapshot) {
        List<LoopMirror> adopted = new ArrayList<>();
        Map<Key, LoopMirror> kept = new HashMap<>();
        for (RoutePlan route : snapshot.routes()) {
            for (MirrorPlan mirror : route.mirrors()) {
                adopt(mirror, adopted, kept);
                Control control = mirror.control();
                if (control != null) {
                    adopt(control.leg(), adopted, kept);
                }
            }
        }
        byKey = kept;
        byId = new LoopMirror[adopted.size()];
        adopted.forEach(mirror -> byId[mirror.plan.id()] = mirror);
        // Without mirrors no pools: none of theirs would ever be asked.
        upstreams.adopt(adopted.isEmpty() ? List.of() : snapshot.pools());
    }

    private void adopt(MirrorPlan plan, List<LoopMirror> adopted, Map<Key, LoopMirror> kept) {
        MirrorMeter meter = plan.meter();
        Key key = new Key(meter.route(), meter.pool(), meter.leg());
        LoopMirror known = byKey.get(key);
        LoopMirror mirror = known == null ? new LoopMirror(plan, loop.index()) : known;
        mirror.adopt(plan, loop.index());
        kept.put(key, mirror);
        adopted.add(mirror);
    }

    /** Chooses the copies of a request, before anything of its head is changed; null for none. */
    public @Nullable CopiedRequest choose(List<MirrorPlan> mirrors, Original original) {
        if (!CopyHead.isCopyable(original.head())) {
            return null;
        }
        CopiedRequest copied = null;
        for (int i = 0; i < mirrors.size(); i++) {
            LoopMirror mirror = byId[mirrors.get(i).id()];
            boolean wanted = mirror.plan.unsafeMethods() || CopyHead.isSafe(original.head());
            if (wanted && mirror.cursor.takes(original.view())) {
                copied = copied == null ? borrow() : copied;
                copy(mirror, original, copied);
            }
        }
        if (copied != null && copied.isEmpty()) {
            giveBack(copied);
            return null;
        }
        return copied;
    }

    private CopiedRequest borrow() {
        CopiedRequest resting = restingRequests.pollLast();
        return resting == null ? new CopiedRequest(this) : resting;
    }

    /** Keeps what has come to its end for the next request. */
    void giveBack(CopiedRequest over) {
        if (restingRequests.size() < KEPT) {
            restingRequests.addLast(over);
        }
    }

    private void copy(LoopMirror mirror, Original original, CopiedRequest to) {
        if (!admitted(mirror, original.head())) {
            if (mirror.plan.compare() != null) {
                mirror.meter.onUnpaired(MirrorUnpaired.SHADOW_MISSING);
            }
            return;
        }
        Control control = mirror.plan.control();
        LoopMirror controlled = control == null ? null : byId[control.leg().id()];
        ComparisonRules rules = mirror.plan.compare();
        boolean otherVariant =
                control != null && control.inSplit() && control.leg().pool().id() != original.pool();
        if (rules != null && otherVariant) {
            mirror.meter.onUnpaired(MirrorUnpaired.OTHER_VARIANT);
        }
        Pairing pairing = rules == null || otherVariant
                ? null
                : new Pairing(mirror, rules, comparisons, described(original.head()), controlled != null);
        to.add(mirror.meter);
        to.add(begun(mirror, original, pairing, pairing == null ? null : pairing.shadow()));
        if (pairing == null) {
            return;
        }
        to.add(pairing);
        if (controlled != null) {
            copyToControl(controlled, original, pairing, to);
        }
    }

    private void copyToControl(LoopMirror control, Original original, Pairing pairing, CopiedRequest to) {
        if (!admitted(control, original.head())) {
            pairing.onMissing(MirrorUnpaired.CONTROL_MISSING);
            return;
        }
        to.add(begun(control, original, pairing, pairing.control()));
    }

    private Copy begun(
            LoopMirror mirror, Original original, @Nullable Pairing pairing, @Nullable AnswerCapture capture) {
        Copy resting = mirror.pollResting();
        Copy copy = resting == null ? new Copy(this, mirror) : resting;
        copy.begin(head(mirror, original), original, pairing, capture);
        return copy;
    }

    /** Counts the choice and takes a place for the copy, or counts why there is none. */
    private boolean admitted(LoopMirror mirror, RequestHead head) {
        mirror.meter.onChosen();
        MirrorDrop reason = refusal(mirror, head);
        if (reason != null) {
            mirror.meter.onDropped(reason);
        }
        return reason == null;
    }

    private @Nullable MirrorDrop refusal(LoopMirror mirror, RequestHead head) {
        MirrorPlan plan = mirror.plan;
        MirrorBudget budget = plan.meter().budget();
        if (plan.shaping().body()
                && head.framing() == Framing.LENGTH
                && head.contentLength() > plan.caps().requestBytes()) {
            return MirrorDrop.REQUEST_BYTES;
        }
        if (!budget.tryBegin(plan.caps().inFlight())) {
            return MirrorDrop.IN_FLIGHT;
        }
        if (!mirror.breaker.isClosed() && !mirror.breaker.admits(nanos())) {
            budget.end();
            return MirrorDrop.BREAKER_OPEN;
        }
        return null;
    }

    private RequestHead head(LoopMirror mirror, Original original) {
        RequestHead copy = heads().borrowRequest();
        CopyHead.shape(copy, original.head(), mirror.plan.shaping(), trace);
        return copy;
    }

    private static String described(RequestHead head) {
        ByteText window = new ByteText();
        String method = head.method(window).toString();
        return method + " " + head.path(window);
    }

    LoopPool pool(int id) {
        return upstreams.pool(id);
    }

    Deadlines deadlines() {
        return loop.deadlines();
    }

    HeadPool heads() {
        return loop.heads();
    }

    long nanos() {
        return loop.ticker().nanos();
    }

    /** Time has passed: an endpoint of a shadow may be asked again. */
    public void onTick(long nowNanos) {
        upstreams.onTick(nowNanos);
    }

    /** Closes what rests towards shadows; at the very end. */
    public void close() {
        upstreams.close();
    }
}
