package io.turnout.upstream;

import io.turnout.model.Ticker;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.HealthPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.health.HealthState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints of a pool may be asked now, and which is asked next. Confined to its event loop.
 *
 * <p>The choice per request looks at a list that is made anew only when something has changed: the version of the
 * shared health tells of changes, and the loop's tick of the passing of time.
 */
final class Roster {
    /*
     * Who is on the list: the healthy ones. With too few of them (panic) everybody in service, because either the probes
     * are wrong or the few would drown. While none is known to be healthy, those of which nothing is known yet. If none
     * is left at all, the pool is not usable and onEmpty decides; should that lead nowhere, everybody in service is the
     * last resort, unless panic is switched off. Of those on the list, endpoints that just refused a connection of this
     * loop are only asked when there is no other.
     */
    private static final int DRAWS = 4;

    private final Ticker ticker;
    private List<LoopEndpoint> members = List.of();
    private PoolPlan plan;
    private LoopEndpoint[] listed = {};
    private int preferred;
    private double @Nullable [] shares;
    private Standing standing = Standing.EMPTY;
    private boolean restless;
    private long seenVersion = -1;
    private int turn;
    private int random;

    /** How the list came about. */
    enum Standing {
        /** Nobody may be asked. */
        EMPTY,
        /** None is healthy; everybody is listed for want of anything better. */
        LAST_RESORT,
        /** Too few are healthy; everybody is listed. */
        PANIC,
        /** Those that are usable are listed. */
        NORMAL
    }

    Roster(PoolPlan plan, UpstreamLoop loop) {
        this.plan = plan;
        ticker = loop.ticker();
        // Loops begin their turns at different endpoints.
        turn = loop.index();
        random = 0x9E3779B9 * (loop.index() + 1);
    }

    /** The pool is configured anew. */
    void adopt(PoolPlan newPlan, List<LoopEndpoint> newMembers) {
        plan = newPlan;
        members = newMembers;
        refresh(ticker.nanos());
    }

    /** How the list came about, as of now. */
    Standing standing() {
        if (plan.health().shared().version() != seenVersion) {
            refresh(ticker.nanos());
        }
        return standing;
    }

    /** Time has passed. */
    void onTick(long nowNanos) {
        if (restless || plan.health().shared().version() != seenVersion) {
            refresh(nowNanos);
        }
    }

    /** Makes the list anew. */
    void refresh(long nowNanos) {
        seenVersion = plan.health().shared().version();
        restless = false;
        List<LoopEndpoint> inService = new ArrayList<>();
        List<LoopEndpoint> healthy = new ArrayList<>();
        List<LoopEndpoint> pending = new ArrayList<>();
        for (LoopEndpoint member : members) {
            EndpointPlan endpoint = member.plan();
            if (endpoint.isInService()) {
                inService.add(member);
                HealthState state = endpoint.health().state();
                restless |= state.ejection().isInForce(nowNanos);
                if (state.isHealthy(nowNanos)) {
                    healthy.add(member);
                } else if (state.isPending(nowNanos)) {
                    pending.add(member);
                }
            }
        }
        standing = standing(inService.size(), healthy.size(), pending.size());
        List<LoopEndpoint> usable = standing != Standing.NORMAL ? inService : healthy.isEmpty() ? pending : healthy;
        list(standing == Standing.EMPTY ? List.of() : usable, nowNanos);
    }

    private Standing standing(int inService, int healthy, int pending) {
        HealthPlan health = plan.health();
        if (healthy > 0) {
            return healthy * 1_000_000L < (long) inService * health.panicPpm() ? Standing.PANIC : Standing.NORMAL;
        }
        if (pending > 0) {
            return Standing.NORMAL;
        }
        return inService > 0 && health.panicPpm() > 0 ? Standing.LAST_RESORT : Standing.EMPTY;
    }

    /** Those above suspicion first. */
    private void list(List<LoopEndpoint> usable, long nowNanos) {
        listed = new LoopEndpoint[usable.size()];
        int front = 0;
        int back = listed.length;
        for (LoopEndpoint endpoint : usable) {
            if (endpoint.isSuspect(nowNanos)) {
                restless = true;
                listed[--back] = endpoint;
            } else {
                listed[front++] = endpoint;
            }
        }
        preferred = front == 0 ? listed.length : front;
        shares = standing == Standing.NORMAL ? shares(nowNanos) : null;
    }

    /** What each gets of a draw, relative to the one that gets most; null when nobody is warming up. */
    private double @Nullable [] shares(long nowNanos) {
        long slowStartNanos = plan.health().slowStartNanos();
        double[] found = new double[preferred];
        double most = 0;
        boolean warming = false;
        for (int i = 0; i < preferred; i++) {
            HealthState.WarmUp warmUp = listed[i].plan().health().state().warmUp();
            warming |= warmUp.isOn(nowNanos, slowStartNanos);
            found[i] = warmUp.share(nowNanos, slowStartNanos);
            most = Math.max(most, found[i]);
        }
        if (!warming) {
            return null;
        }
        restless = true;
        for (int i = 0; i < preferred; i++) {
            found[i] /= most;
        }
        return found;
    }

    /** The endpoint to ask next, another than the avoided one if there is any; null if there is none at all. */
    @Nullable
    LoopEndpoint choose(@Nullable LoopEndpoint avoided) {
        if (standing() == Standing.EMPTY) {
            return null;
        }
        if (preferred == 1 && listed[0] != avoided) {
            return listed[0];
        }
        LoopEndpoint chosen = preferred == 1 || plan.balance() == PoolPlan.Balance.ROUND_ROBIN
                ? inTurn(avoided)
                : betterOfTwo(avoided);
        return chosen != null ? chosen : anyOf(avoided);
    }

    /** Whether somebody else than this endpoint could be asked. */
    boolean hasOther(LoopEndpoint than) {
        return standing() != Standing.EMPTY && (listed.length > 1 || listed[0] != than);
    }

    private @Nullable LoopEndpoint inTurn(@Nullable LoopEndpoint avoided) {
        for (int i = 0; i < 2 * preferred; i++) {
            int index = Math.floorMod(turn++, preferred);
            if (listed[index] != avoided && takesDraw(index)) {
                return listed[index];
            }
        }
        return null;
    }

    /** Mitzenmacher's power of two choices; the one in turn keeps it exact when both may not be asked. */
    private @Nullable LoopEndpoint betterOfTwo(@Nullable LoopEndpoint avoided) {
        int first = draw();
        int second = draw();
        for (int i = 0; i < DRAWS && second == first; i++) {
            second = draw();
        }
        LoopEndpoint a = listed[first];
        LoopEndpoint b = listed[second];
        if (a == avoided || b == avoided) {
            return a == avoided && b == avoided ? inTurn(avoided) : a == avoided ? b : a;
        }
        if (plan.balance() == PoolPlan.Balance.EWMA) {
            return b.latencyCost() < a.latencyCost() ? b : a;
        }
        return b.active() < a.active() ? b : a;
    }

    private int draw() {
        int index = drawIndex(preferred);
        for (int i = 0; i < DRAWS && !takesDraw(index); i++) {
            index = drawIndex(preferred);
        }
        return index;
    }

    /** An endpoint that warms up lets some of its draws go to the others. */
    private boolean takesDraw(int index) {
        double[] of = shares;
        return of == null || of[index] >= 1 || drawIndex(1 << 20) < of[index] * (1 << 20);
    }

    private @Nullable LoopEndpoint anyOf(@Nullable LoopEndpoint avoided) {
        int size = listed.length;
        for (int i = 0; i < size; i++) {
            LoopEndpoint candidate = listed[Math.floorMod(turn++, size)];
            if (candidate != avoided) {
                return candidate;
            }
        }
        return size == 0 ? null : listed[0];
    }

    /** Marsaglia's xorshift: speed matters here, quality hardly. */
    private int drawIndex(int bound) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        return (int) (((random & 0xffffffffL) * bound) >>> 32);
    }
}
