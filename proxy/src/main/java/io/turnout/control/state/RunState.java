package io.turnout.control.state;

import io.turnout.snapshot.Overlay;
import io.turnout.snapshot.Overlay.EndpointId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything decided at run time that outlives the process. Immutable.
 *
 * @param generation the last one that was published; 0 before the first
 * @param overrides by route
 * @param drained endpoints an operator has taken out
 */
public record RunState(long generation, Map<String, RouteOverride> overrides, Set<EndpointId> drained) {
    /** Nothing decided yet. */
    public static final RunState NONE = new RunState(0, Map.of(), Set.of());

    public RunState {
        overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
        drained = Set.copyOf(drained);
    }

    /** The state after these changes, published under this generation. */
    public RunState after(List<Change> changes, long newGeneration) {
        RunState state = this;
        for (Change change : changes) {
            state = change.applied(state);
        }
        return new RunState(newGeneration, state.overrides, state.drained);
    }

    /** The changes that lead here from {@link #NONE}. */
    public List<Change> asChanges() {
        List<Change> changes = new ArrayList<>();
        overrides.forEach((route, override) -> changes.add(new Change.OverrideLaid(route, override)));
        drained.forEach(endpoint -> changes.add(new Change.EndpointDrained(endpoint.pool(), endpoint.address())));
        return changes;
    }

    /** What the snapshot compiler needs of it. */
    public Overlay overlay() {
        Map<String, Map<String, Integer>> weights = new LinkedHashMap<>();
        overrides.forEach((route, override) -> weights.put(route, override.weights()));
        return new Overlay(weights, drained);
    }
}
