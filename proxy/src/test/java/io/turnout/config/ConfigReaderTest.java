package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.config.SplitConfig.OnEmpty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file means: short forms, defaults, units. */
class ConfigReaderTest {
    @Test
    void fillsInEveryDefaultOfTheSmallestFile() {
        TurnoutConfig config = Configs.valid(Configs.minimalWith("workers: auto"));
        assertThat(config.admin().address()).hasToString("127.0.0.1:9900");
        assertThat(config.workers()).isEqualTo(TurnoutConfig.ONE_WORKER_PER_CORE);
        assertThat(config.transport()).isEqualTo(TransportKind.AUTO);
        assertThat(config.accessLog())
                .isEqualTo(new AccessLogConfig(AccessLogConfig.Format.OFF, AccessLogConfig.STDOUT, 16_384));
        assertThat(config.listeners().get(0).limits())
                .isEqualTo(new ListenerConfig.Limits(
                        ListenerConfig.ANY_NUMBER,
                        ListenerConfig.ANY_NUMBER,
                        16 << 10,
                        32 << 10,
                        200,
                        ListenerConfig.ANY_SIZE,
                        100,
                        1000));
        PoolConfig blue = config.pool("blue");
        assertThat(blue.timeouts())
                .isEqualTo(
                        new PoolConfig.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(60)));
        assertThat(blue.outlier()).isEqualTo(new PoolConfig.Outlier(5, Duration.ofSeconds(30), 300_000));
        assertThat(blue.healthCheck()).isNull();
        RouteConfig route = config.routes().get(0);
        assertThat(route.match()).isEqualTo(RequestMatch.ANY);
        assertThat(route.retry()).isEqualTo(new RouteConfig.Retry(1, 200_000));
        assertThat(route.timeout()).isNull();
        assertThat(route.split().key()).isNull();
        assertThat(route.split().onEmpty()).isEqualTo(new OnEmpty.Redistribute());
    }

    @Test
    void keepsTheOrderOfTheFile() {
        TurnoutConfig config = Configs.valid("""
                listeners: [{name: web, address: 8080}]
                pools: {zebra: [a:1], ant: [b:1], mole: [c:1]}
                routes: [{name: shop, split: {mole: 1, zebra: 1, ant: 1}}]
                """);
        assertThat(config.pools().keySet()).containsExactly("zebra", "ant", "mole");
        assertThat(config.routes().get(0).split().weights().keySet()).containsExactly("mole", "zebra", "ant");
    }

    @Test
    void aBareMapOfWeightsIsTheSplitWithDefaults() {
        assertThat(Configs.route("split: {blue: 95, green: 5}").split())
                .isEqualTo(
                        Configs.route("split: {weights: {blue: 95, green: 5}}").split());
    }

    @Test
    void aBareListOfEndpointsIsThePoolWithDefaults() {
        assertThat(Configs.valid(Configs.minimalWith("pools: {blue: [a:1], green: [b:1]}"))
                        .pools())
                .isEqualTo(Configs.valid(Configs.minimalWith("pools: {blue: {endpoints: [a:1]}, green: [b:1]}"))
                        .pools());
    }

    @Test
    void oneMirrorIsAListOfOne() {
        assertThat(Configs.route("split: {blue: 1}, mirror: {pool: green, percent: 0.5%}")
                        .mirrors())
                .isEqualTo(Configs.route("split: {blue: 1}, mirror: [{pool: green, percent: 0.5%}]")
                        .mirrors())
                .singleElement()
                .satisfies(mirror -> assertThat(mirror.percentPpm()).isEqualTo(5_000));
    }

    @Test
    void theSaltIsTheRoutesNameUnlessGiven() {
        assertThat(Configs.route("split: {weights: {blue: 1}, key: {cookie: uid}}")
                        .split()
                        .key())
                .isEqualTo(new KeyConfig(KeyConfig.Source.COOKIE, "uid", false, "shop"));
        assertThat(Configs.route("split: {weights: {blue: 1}, key: {header: X-User, salt: s}}")
                        .split()
                        .key())
                .isEqualTo(new KeyConfig(KeyConfig.Source.HEADER, "x-user", false, "s"));
        assertThat(Configs.route("split: {weights: {blue: 1}, key: {clientAddress: true}}")
                        .split()
                        .key())
                .isEqualTo(new KeyConfig(KeyConfig.Source.CLIENT_ADDRESS, "", false, "shop"));
    }

    @Test
    void aStepThatSaysNothingElseGetsWhatTheRolloutSays() {
        RolloutConfig rollout = Configs.route(
                        "split: {blue: 1, green: 0}, guard: {stable: blue}, rollout: {canary: green,"
                                + " steps: [0.5%, {weight: 10%, hold: 5m, minRequests: 7, approval: true}, 100%],"
                                + " hold: 90s, minRequests: 200, gate: {url: \"https://ci.example.com/gate\"}}")
                .rollout();
        assertThat(rollout).isNotNull();
        RolloutConfig.Gate gate = rollout.steps().get(0).gate();
        assertThat(gate).isNotNull();
        assertThat(rollout.steps())
                .containsExactly(
                        new RolloutConfig.Step(5_000, Duration.ofSeconds(90), 200, false, gate),
                        new RolloutConfig.Step(100_000, Duration.ofMinutes(5), 7, true, gate),
                        new RolloutConfig.Step(1_000_000, Duration.ofSeconds(90), 200, false, gate));
    }

    @Test
    void readsEveryKindOfCondition() {
        RequestMatch match = Configs.route("split: {blue: 1}, match: {host: [Shop.Example.com, \"*.example.com\"],"
                        + " path: {regex: \"/a+\"}, method: GET, header: {X-A: b, x-c: {regex: \"d.*\"}},"
                        + " cookie: {e: {present: true}}, query: {f: \"1\"}, clientCertificate: {dns: g}}")
                .match();
        assertThat(match)
                .isEqualTo(new RequestMatch(
                        List.of("shop.example.com", "*.example.com"),
                        new PathMatch.Regex("/a+"),
                        List.of("GET"),
                        Map.of("x-a", new ValueMatch.Exact("b"), "x-c", new ValueMatch.Regex("d.*")),
                        Map.of("f", new ValueMatch.Exact("1")),
                        Map.of("e", new ValueMatch.Present()),
                        Map.of(RequestMatch.CertificatePart.DNS, new ValueMatch.Exact("g"))));
    }

    @Test
    void readsAGuardInFull() {
        GuardConfig guard = Configs.route("split: {blue: 1, green: 1}, guard: {stable: blue, errorRate: {max: 0.5%},"
                        + " latency: {p50: 10ms, p99.9: 1.5s}, window: 1m, minRequests: 20, consecutive: 3,"
                        + " compare: {to: stable, rho: 2, delta: 1%, dispersion: 1}, catastrophe: false, watch: 0s}")
                .guard();
        assertThat(guard)
                .isEqualTo(new GuardConfig(
                        "blue",
                        5_000,
                        new GuardConfig.LatencyLimits(Duration.ofMillis(10), null, null, Duration.ofMillis(1_500)),
                        Duration.ofMinutes(1),
                        20,
                        3,
                        new GuardConfig.Comparison(2, 10_000, 1),
                        null,
                        false,
                        Duration.ZERO));
    }

    @Test
    void readsALimitForTheDifferencesOfAShadow() {
        GuardConfig guard = Configs.valid("""
                        listeners: [{name: web, address: 127.0.0.1:80}]
                        pools: {blue: ["a:1"], green: ["b:1"], shadow: ["c:1"]}
                        routes:
                          - name: shop
                            split: {blue: 90, green: 10}
                            mirror: {pool: shadow, compare: {}}
                            guard:
                              stable: blue
                              catastrophe: false
                              differences: {pool: shadow, variant: green, max: 0.5%}
                        """).routes().get(0).guard();
        assertThat(Objects.requireNonNull(guard).differences())
                .isEqualTo(new GuardConfig.Differences("shadow", "green", 5_000, 200));
    }

    @Test
    void readsASmokeTest() {
        SmokeTest test = Configs.route(
                        "split: {blue: 1}, smoke: [{name: s, request: {path: \"/x?y=1\"}, expect: {status:"
                                + " [200, 300-399], json: {/a: ok, /b: 2, /c: true, /d: \"2\"}, latency: 1s}}]")
                .smoke()
                .get(0);
        assertThat(test.request()).isEqualTo(new SmokeTest.Request("GET", "/x?y=1", Map.of()));
        assertThat(test.expect().status()).containsExactly(new StatusRange(200, 200), new StatusRange(300, 399));
        assertThat(test.expect().json())
                .containsExactly(
                        Map.entry("/a", "\"ok\""),
                        Map.entry("/b", "2"),
                        Map.entry("/c", "true"),
                        Map.entry("/d", "\"2\""));
    }

    @ParameterizedTest
    @CsvSource({
        "8080, 0.0.0.0:8080",
        "'\":8080\"', 0.0.0.0:8080",
        "'\"[::1]:80\"', '[::1]:80'",
        "localhost:0, localhost:0",
        "127.0.0.1:9, 127.0.0.1:9"
    })
    void readsAddressesOfListeners(String written, String address) {
        TurnoutConfig config = Configs.valid(Configs.minimalWith("listeners: [{name: web, address: " + written + "}]"));
        assertThat(config.listeners().get(0).address()).hasToString(address);
    }

    @Test
    void aPortAloneOfTheAdminIsOnTheLoopbackInterface() {
        assertThat(Configs.valid(Configs.minimalWith("admin: {address: 9000}"))
                        .admin()
                        .address())
                .hasToString("127.0.0.1:9000");
    }

    @Test
    void readsEndpointsByNameAndByAddress() {
        TurnoutConfig config = Configs.valid(Configs.minimalWith(
                "pools: {blue: [a:1, \"dns://App.internal:8080\", \"[fd00::1]:9\"], green: [b:1]}"));
        assertThat(config.pool("blue").endpoints())
                .containsExactly(
                        new EndpointConfig(new HostPort("a", 1), false),
                        new EndpointConfig(new HostPort("app.internal", 8080), true),
                        new EndpointConfig(new HostPort("fd00::1", 9), false))
                .extracting(EndpointConfig::toString)
                .containsExactly("a:1", "dns://app.internal:8080", "[fd00::1]:9");
    }

    @Test
    void anAnchorMayBeUsedAgain() {
        TurnoutConfig config = Configs.valid("""
                listeners: [{name: web, address: 8080}]
                pools:
                  blue: {endpoints: [a:1], timeouts: &patient {response: 1m}}
                  green: {endpoints: [b:1], timeouts: *patient}
                routes: [{name: shop, split: {blue: 1, green: 1}}]
                """);
        assertThat(config.pool("green").timeouts())
                .isEqualTo(config.pool("blue").timeouts());
    }

    @Test
    void rulesMayForceAPoolOutsideOfTheSplit() {
        assertThat(Configs.route("split: {blue: 1}, rules: [{name: t, when: {header: {a: b}}, pool: green}]")
                        .rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.pool()).isEqualTo("green"));
    }

    @Test
    void effectiveYamlShowsDefaultsAndEscapesDollars() {
        String yaml = ConfigYaml.render(Configs.valid(Configs.withRoute(
                "split: {blue: 1, green: 0}, headers: {request: {set: {x-a: \"$${B}\", x-b: \"5\", x-c: \"true\"}}}")));
        assertThat(yaml).contains("slowStart: 30s", "x-a: \"$${B}\"", "x-b: \"5\"", "x-c: \"true\"", "weights:");
        assertThat(Configs.valid(yaml).routes().get(0).headers().request().set())
                .containsEntry("x-a", "${B}");
    }
}
