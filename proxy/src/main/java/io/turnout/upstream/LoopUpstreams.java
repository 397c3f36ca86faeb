package io.turnout.upstream;

import io.turnout.snapshot.PoolPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All pools of one event loop, following the newest snapshot: pools that stay keep connections and what they learned.
 *
 * <p>Confined to its event loop.
 */
public final class LoopUpstreams {
    private final UpstreamLoop loop;
    private final Map<String, LoopPool> byName = new HashMap<>();
    private LoopPool[] byId = {};

    /** No pools yet. */
    public LoopUpstreams(UpstreamLoop loop) {
        this.loop = loop;
    }

    /** The pool with this id in the snapshot last adopted. */
    public LoopPool pool(int id) {
        return byId[id];
    }

    /** Follows a new snapshot's pools, given in the order of their ids. */
    public void adopt(List<PoolPlan> plans) {
        LoopPool[] adopted = new LoopPool[plans.size()];
        for (PoolPlan plan : plans) {
            LoopPool pool = byName.get(plan.name());
            if (pool == null) {
                pool = new LoopPool(plan, loop);
                byName.put(plan.name(), pool);
            } else {
                pool.adopt(plan);
            }
            adopted[plan.id()] = pool;
        }
        byId = adopted;
        byName.values().removeIf(pool -> {
            boolean gone =
                    pool.plan().id() >= adopted.length || adopted[pool.plan().id()] != pool;
            if (gone) {
                pool.remove();
            }
            return gone;
        });
    }

    /** Time has passed: what depends on it is looked at again. */
    public void onTick(long nowNanos) {
        for (LoopPool pool : byId) {
            pool.onTick(nowNanos);
        }
    }

    /** Closes every connection; for the end of the process. */
    public void close() {
        adopt(List.of());
        loop.channels().close();
    }
}
