package io.turnout.upstream;

import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.HealthPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.health.EndpointHealth;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The probes one event loop makes for the whole process, following the newest snapshot: each endpoint is probed by one
 * loop, always the same. Confined to its event loop.
 */
public final class LoopProbes {
    private final UpstreamLoop loop;
    private final IdentityHashMap<EndpointHealth, EndpointProbe> probes = new IdentityHashMap<>();

    /** No probes yet. */
    public LoopProbes(UpstreamLoop loop) {
        this.loop = loop;
    }

    /** Begins, keeps and ends probes as the pools want. */
    public void adopt(List<PoolPlan> pools) {
        Set<EndpointProbe> kept = new HashSet<>();
        for (PoolPlan pool : pools) {
            HealthPlan.Probe wanted = pool.health().probe();
            if (wanted != null) {
                for (EndpointPlan endpoint : pool.endpoints()) {
                    if (isMine(pool, endpoint)) {
                        kept.add(adopt(pool, endpoint, wanted));
                    }
                }
            }
        }
        probes.values().removeIf(probe -> {
            boolean gone = !kept.contains(probe);
            if (gone) {
                probe.end();
            }
            return gone;
        });
    }

    private EndpointProbe adopt(PoolPlan pool, EndpointPlan endpoint, HealthPlan.Probe wanted) {
        EndpointProbe known = probes.get(endpoint.health());
        if (known != null) {
            known.adopt(pool, endpoint, wanted);
            return known;
        }
        EndpointProbe begun = new EndpointProbe(loop, pool, endpoint, wanted);
        probes.put(endpoint.health(), begun);
        begun.start();
        return begun;
    }

    private boolean isMine(PoolPlan pool, EndpointPlan endpoint) {
        int loops = endpoint.meter().loops();
        return Math.floorMod((pool.name() + ' ' + endpoint.name()).hashCode(), loops) == loop.index();
    }
}
