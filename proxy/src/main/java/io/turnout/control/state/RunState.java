package io.turnout.control.state;

import io.turnout.rollout.Phase;
import io.turnout.snapshot.Overlay;
import io.turnout.snapshot.Overlay.EndpointId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything decided at run time that outlives the process. Immutable.
 *
 * @param generation the last one that was published; 0 before the first
 * @param overrides by route
 * @param drained endpoints an operator has taken out
 * @param drainedListeners listeners an operator has taken out
 * @param rollouts by route; none for a route whose rollout has not begun
 */
public record RunState(
        long generation,
        Map<String, RouteOverride> overrides,
        Set<EndpointId> drained,
        Set<String> drainedListeners,
        Map<String, RouteRollout> rollouts) {
    /** Nothing decided yet. */
    public static final RunState NONE = new RunState(0, Map.of(), Set.of(), Set.of(), Map.of());

    public RunState {
        overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
        drained = Set.copyOf(drained);
        drainedListeners = Set.copyOf(drainedListeners);
        rollouts = Collections.unmodifiableMap(new LinkedHashMap<>(rollouts));
    }

    /** The state after these changes, published under this generation. */
    public RunState after(List<Change> changes, long newGeneration) {
        RunState state = this;
        for (Change change : changes) {
            state = change.applied(state);
        }
        return new RunState(newGeneration, state.overrides, state.drained, state.drainedListeners, state.rollouts);
    }

    RunState with(Map<String, RouteOverride> other) {
        return new RunState(generation, other, drained, drainedListeners, rollouts);
    }

    RunState withDrained(Set<EndpointId> other) {
        return new RunState(generation, overrides, other, drainedListeners, rollouts);
    }

    RunState withDrainedListeners(Set<String> other) {
        return new RunState(generation, overrides, drained, other, rollouts);
    }

    RunState withRollouts(Map<String, RouteRollout> other) {
        return new RunState(generation, overrides, drained, drainedListeners, other);
    }

    /** The changes that lead here from {@link #NONE}. */
    public List<Change> asChanges() {
        List<Change> changes = new ArrayList<>();
        overrides.forEach((route, override) -> changes.add(new Change.OverrideLaid(route, override)));
        drained.forEach(endpoint -> changes.add(new Change.EndpointDrained(endpoint.pool(), endpoint.address())));
        drainedListeners.forEach(listener -> changes.add(new Change.ListenerDrained(listener)));
        rollouts.forEach((route, rollout) -> changes.add(new Change.RolloutMoved(route, rollout)));
        return changes;
    }

    /** What the snapshot compiler needs of it. */
    public Overlay overlay() {
        Map<String, Map<String, Integer>> weights = new LinkedHashMap<>();
        overrides.forEach((route, override) -> weights.put(route, override.weights()));
        Set<String> reverted = rollouts.entrySet().stream()
                .filter(rollout -> rollout.getValue().phase() == Phase.REVERTED)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return new Overlay(weights, drained, drainedListeners, reverted);
    }
}
