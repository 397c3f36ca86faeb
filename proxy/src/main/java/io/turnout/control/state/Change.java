package io.turnout.control.state;

import io.turnout.snapshot.Overlay.EndpointId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One step from a run-time state to the next, as the journal keeps it. Immutable. */
public sealed interface Change {
    /** The state with this step taken. */
    RunState applied(RunState before);

    /** An override is in force, instead of the one before it if there was one. */
    record OverrideLaid(String route, RouteOverride override) implements Change {
        public OverrideLaid {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(override, "override");
        }

        @Override
        public RunState applied(RunState before) {
            Map<String, RouteOverride> overrides = new LinkedHashMap<>(before.overrides());
            overrides.put(route, override);
            return before.with(overrides);
        }
    }

    /** The file is in force again. */
    record OverrideEnded(String route) implements Change {
        public OverrideEnded {
            Objects.requireNonNull(route, "route");
        }

        @Override
        public RunState applied(RunState before) {
            Map<String, RouteOverride> overrides = new LinkedHashMap<>(before.overrides());
            overrides.remove(route);
            return before.with(overrides);
        }
    }

    /** An endpoint is out of service. */
    record EndpointDrained(String pool, String address) implements Change {
        public EndpointDrained {
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(address, "address");
        }

        @Override
        public RunState applied(RunState before) {
            Set<EndpointId> drained = new HashSet<>(before.drained());
            drained.add(new EndpointId(pool, address));
            return before.withDrained(drained);
        }
    }

    /** An endpoint is back in service, or no longer configured. */
    record EndpointResumed(String pool, String address) implements Change {
        public EndpointResumed {
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(address, "address");
        }

        @Override
        public RunState applied(RunState before) {
            Set<EndpointId> drained = new HashSet<>(before.drained());
            drained.remove(new EndpointId(pool, address));
            return before.withDrained(drained);
        }
    }

    /** A listener takes no more connections. */
    record ListenerDrained(String listener) implements Change {
        public ListenerDrained {
            Objects.requireNonNull(listener, "listener");
        }

        @Override
        public RunState applied(RunState before) {
            Set<String> drained = new HashSet<>(before.drainedListeners());
            drained.add(listener);
            return before.withDrainedListeners(drained);
        }
    }

    /** A listener takes connections again, or is no longer configured. */
    record ListenerResumed(String listener) implements Change {
        public ListenerResumed {
            Objects.requireNonNull(listener, "listener");
        }

        @Override
        public RunState applied(RunState before) {
            Set<String> drained = new HashSet<>(before.drainedListeners());
            drained.remove(listener);
            return before.withDrainedListeners(drained);
        }
    }

    /** The rollout of a route stands elsewhere. The weights it wants are an override of their own. */
    record RolloutMoved(String route, RouteRollout rollout) implements Change {
        public RolloutMoved {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(rollout, "rollout");
        }

        @Override
        public RunState applied(RunState before) {
            Map<String, RouteRollout> rollouts = new LinkedHashMap<>(before.rollouts());
            rollouts.put(route, rollout);
            return before.withRollouts(rollouts);
        }
    }

    /** The rollout of a route is history; another one may begin. */
    record RolloutForgotten(String route) implements Change {
        public RolloutForgotten {
            Objects.requireNonNull(route, "route");
        }

        @Override
        public RunState applied(RunState before) {
            Map<String, RouteRollout> rollouts = new LinkedHashMap<>(before.rollouts());
            rollouts.remove(route);
            return before.withRollouts(rollouts);
        }
    }
}
