package io.turnout.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The records are the contract: names, order of maps, instants as text, nulls said. */
class JsonShapeTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.250Z");

    private static Map<String, Integer> weights(int blue, int green) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        weights.put("green", green);
        weights.put("blue", blue);
        return weights;
    }

    private static Status status() {
        VariantStatus variant = new VariantStatus("blue", 90, 0.9, 10, 1, 2.5, new LatencyStatus(1.5, null, null));
        OverrideStatus override = new OverrideStatus(
                "weights", weights(90, 10), "ann", "api", null, TIME, TIME, 60L, weights(95, 5), true);
        RouteStatus route = new RouteStatus(
                "shop",
                weights(90, 10),
                weights(95, 5),
                override,
                new GuardStatus(GuardStatus.OFF, "", List.of()),
                null,
                List.of(variant));
        PoolStatus pool = new PoolStatus(
                "blue",
                0,
                List.of(new EndpointStatus(
                        "b:1",
                        null,
                        EndpointStatus.ACTIVE,
                        new EndpointStatus.Health(EndpointStatus.Health.UNRESOLVED, "x", TIME, null),
                        1,
                        2,
                        3,
                        4,
                        1.5)));
        Problem problem = new Problem(Problem.ERROR, "t.yaml", 3, 5, "pools", "x", "y", "z");
        ConfigStatus config = new ConfigStatus("t.yaml", "00ff", null, new ReloadStatus(TIME, false, List.of(problem)));
        TlsStatus tls = new TlsStatus("listener web", List.of("shop.example.com"), TIME, null);
        ListenerStatus listener = new ListenerStatus("web", "127.0.0.1:8080", false);
        return new Status(
                7, TIME, config, List.of(route), List.of(listener), List.of(pool), Status.NOTHING_SHED, List.of(tls));
    }

    @Test
    void isCamelCaseWithInstantsAsTextAndNullsSaid() {
        assertThat(MAPPER.readTree(MAPPER.writeValueAsString(status()))).isEqualTo(MAPPER.readTree("""
                {"generation": 7, "startedAt": "2026-03-01T12:00:00.250Z",
                 "config": {"source": "t.yaml", "hash": "00ff", "commit": null,
                  "lastReload": {"time": "2026-03-01T12:00:00.250Z", "ok": false, "problems": [
                   {"severity": "error", "file": "t.yaml", "line": 3, "column": 5, "path": "pools",
                    "found": "x", "expected": "y", "didYouMean": "z"}]}},
                 "routes": [{"name": "shop", "weights": {"green": 10, "blue": 90},
                  "desiredWeights": {"green": 5, "blue": 95},
                  "override": {"kind": "weights", "weights": {"green": 10, "blue": 90}, "actor": "ann",
                   "source": "api", "reason": null, "time": "2026-03-01T12:00:00.250Z",
                   "expiresAt": "2026-03-01T12:00:00.250Z", "ttlSeconds": 60,
                   "laidOver": {"green": 5, "blue": 95}, "drift": true},
                  "guard": {"state": "off", "text": "", "variants": []}, "rollout": null,
                  "variants": [{"pool": "blue", "weight": 90, "share": 0.9, "requests": 10, "errors": 1,
                   "requestsPerSecond": 2.5, "latency": {"p50": 1.5, "p95": null, "p99": null}}]}],
                 "listeners": [{"name": "web", "address": "127.0.0.1:8080", "drained": false}],
                 "pools": [{"name": "blue", "usable": 0, "endpoints": [{"address": "b:1", "resolved": null,
                  "admin": "active", "health": {"state": "unresolved", "reason": "x",
                   "since": "2026-03-01T12:00:00.250Z", "ejectedUntil": null},
                  "connections": 1, "active": 2, "requests": 3, "failures": 4, "latencyMillis": 1.5}]}],
                 "shedding": "nothing",
                 "tls": [{"owner": "listener web", "names": ["shop.example.com"],
                  "expiresAt": "2026-03-01T12:00:00.250Z", "problem": null}]}
                """));
    }

    @Test
    void keepsTheOrderOfMaps() {
        assertThat(MAPPER.writeValueAsString(status())).contains("\"weights\":{\"green\":10,\"blue\":90}");
    }

    @Test
    void readsBackEqual() {
        assertThat(MAPPER.readValue(MAPPER.writeValueAsString(status()), Status.class))
                .isEqualTo(status());
    }

    @Test
    void takesRequestsWithWhatIsOptionalLeftOut() {
        SwitchRequest plain = MAPPER.readValue("{\"to\": \"green\"}", SwitchRequest.class);
        assertThat(plain.to()).isEqualTo("green");
        assertThat(plain.forced()).isFalse();
        assertThat(MAPPER.readValue("{\"to\": \"green\", \"force\": true}", SwitchRequest.class)
                        .forced())
                .isTrue();
        WeightsRequest weights = MAPPER.readValue("{\"weights\": {\"blue\": 1}}", WeightsRequest.class);
        assertThat(weights.weights()).isEqualTo(Map.of("blue", 1));
        assertThat(weights.ttl()).isNull();
        assertThat(MAPPER.readValue("{}", ExplainRequest.class).target()).isNull();
    }

    @Test
    void putsAProblemInOneLine() {
        assertThat(new Problem(Problem.ERROR, "t.yaml", 3, 5, "pools", "x", "y", "z").text())
                .isEqualTo("t.yaml:3:5: error: pools: found x, expected y; did you mean \"z\"?");
        assertThat(new Problem(Problem.WARNING, "t.yaml", 0, 0, "", "x", "y", null).text())
                .isEqualTo("t.yaml: warning: found x, expected y");
    }
}
