package io.turnout.bench.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole run of the bench. Immutable.
 *
 * @param facts the machine
 * @param options how the bench was called
 * @param peers the proxies, in the order of each round
 * @param baseline the peer that ratios are taken to
 * @param doubts why the figures must not be trusted; empty when nothing speaks against them
 * @param leftOut who was left out of which scenario, and why
 * @param stoppedBy why the run ended early, if it did
 */
public record BenchResult(
        Instant started,
        Map<String, String> facts,
        Map<String, String> options,
        List<MeasuredPeer> peers,
        String baseline,
        List<ScenarioResult> scenarios,
        List<String> doubts,
        List<String> leftOut,
        Optional<String> stoppedBy) {
    /** A proxy as it was measured. */
    public record MeasuredPeer(String name, String version) {}

    public BenchResult {
        facts = Map.copyOf(facts);
        options = Map.copyOf(options);
        peers = List.copyOf(peers);
        scenarios = List.copyOf(scenarios);
        doubts = List.copyOf(doubts);
        leftOut = List.copyOf(leftOut);
    }
}
