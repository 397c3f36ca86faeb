package io.turnout.bench.report;

import io.turnout.bench.report.BenchResult.MeasuredPeer;
import java.util.TreeMap;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a run as JSON, with every round. Immutable, safe for any thread. */
public final class ResultJson {
    private final ObjectMapper mapper =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** The whole run as text. */
    public String write(BenchResult result) {
        ObjectNode root = mapper.createObjectNode();
        root.put("started", result.started().toString());
        result.stoppedBy().ifPresent(reason -> root.put("stoppedBy", reason));
        result.doubts().forEach(root.putArray("doubts")::add);
        result.leftOut().forEach(root.putArray("leftOut")::add);
        new TreeMap<>(result.facts()).forEach(root.putObject("machine")::put);
        new TreeMap<>(result.options()).forEach(root.putObject("options")::put);
        ArrayNode peers = root.putArray("peers");
        for (MeasuredPeer peer : result.peers()) {
            peers.addObject().put("name", peer.name()).put("version", peer.version());
        }
        root.put("baseline", result.baseline());
        ArrayNode scenarios = root.putArray("scenarios");
        for (ScenarioResult scenario : result.scenarios()) {
            write(scenario, scenarios.addObject());
        }
        return mapper.writeValueAsString(root) + "\n";
    }

    private static void write(ScenarioResult scenario, ObjectNode node) {
        node.put("name", scenario.name()).put("title", scenario.title());
        ArrayNode rounds = node.putArray("rounds");
        for (Round round : scenario.rounds()) {
            write(round, rounds.addObject());
        }
    }

    private static void write(Round round, ObjectNode node) {
        node.put("round", round.number()).put("peer", round.peer());
        ObjectNode figures = node.putObject("figures");
        round.orderedFigures().forEach((figure, value) -> figures.put(figure.name(), value));
        node.putObject("noise")
                .put("otherPercent", round.noise().otherPercent())
                .put("stolenPercent", round.noise().stolenPercent())
                .put("longestStallMillis", round.noise().longestStallMillis());
        if (!round.failures().isEmpty()) {
            ObjectNode failures = node.putObject("failures");
            round.orderedFailures().forEach(failures::put);
        }
        if (!round.rssOverTime().isEmpty()) {
            ArrayNode samples = node.putArray("rssOverTime");
            round.rssOverTime()
                    .forEach(sample ->
                            samples.addObject().put("seconds", sample.seconds()).put("kib", sample.kib()));
        }
    }
}
