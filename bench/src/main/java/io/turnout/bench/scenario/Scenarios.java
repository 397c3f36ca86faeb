package io.turnout.bench.scenario;

import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadPlan.ConnectionUse;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.Link;
import io.turnout.bench.report.Figure;
import io.turnout.bench.scenario.SteadyScenario.Routing;
import io.turnout.bench.wire.Dialect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The scenarios there are. Stateless. */
public final class Scenarios {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final RequestShape SMALL = RequestShape.get("/1k", KIB);
    private static final RequestShape LARGE = RequestShape.get("/1m", MIB);
    private static final RequestShape UPLOAD = RequestShape.upload(16L * MIB, 0);
    private static final int LARGE_CONNECTIONS = 16;

    private static final List<Scenario> ALL = List.of(
            keepAlive(),
            split(),
            everything(),
            churn(),
            bodies(),
            uploads(),
            fixedRate(),
            reload(),
            tls(),
            handshakes(),
            resumptions(),
            h2c(),
            h2Tls(),
            h2Upstream(),
            loops(),
            new IdleConnections(),
            new ColdStart(),
            new BigBodies(),
            new WrkAgreement());

    private static final List<String> QUICK = List.of("keep-alive", "split", "churn", "bodies", "rate", "cold-start");

    private Scenarios() {}

    /** All of them. */
    public static List<Scenario> all() {
        return ALL;
    }

    /** Those that a quick look takes. */
    public static List<Scenario> quick() {
        return ALL.stream().filter(scenario -> QUICK.contains(scenario.name())).toList();
    }

    /**
     * The scenarios of these names, in this order.
     *
     * @throws Refusal if there is none of a name
     */
    public static List<Scenario> named(List<String> names) throws Refusal {
        var found = new ArrayList<Scenario>();
        for (String name : names) {
            found.add(ALL.stream()
                    .filter(scenario -> scenario.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new Refusal("found scenario \"" + name + "\", expected one of "
                            + ALL.stream().map(Scenario::name).collect(Collectors.joining(", ")))));
        }
        return List.copyOf(found);
    }

    private static Scenario keepAlive() {
        return kept("keep-alive", "1 KiB, connections kept");
    }

    private static Scenario split() {
        return new SteadyScenario(
                "split",
                "1 KiB, split 90/10",
                Routing.SPLIT,
                Companion.NONE,
                (target, budget) -> LoadPlan.closed(target, SMALL, budget.connections()),
                with(Figure.CANARY_PERCENT));
    }

    private static Scenario everything() {
        return new SteadyScenario(
                "everything",
                "1 KiB, split 90/10, guard on, metrics scraped each second (Turnout; others: split only)",
                Routing.GUARDED_SPLIT,
                Companion.SCRAPE,
                (target, budget) -> LoadPlan.closed(target, SMALL, budget.connections()),
                with(Figure.CANARY_PERCENT));
    }

    private static Scenario churn() {
        return new SteadyScenario(
                "churn",
                "1 KiB, a connection for each request",
                Routing.ONE_POOL,
                Companion.NONE,
                (target, budget) -> LoadPlan.churn(target, SMALL, budget.connections()),
                saturated());
    }

    private static Scenario bodies() {
        return new SteadyScenario(
                "bodies",
                "1 MiB bodies down",
                Routing.ONE_POOL,
                Companion.NONE,
                (target, budget) -> LoadPlan.closed(target, LARGE, LARGE_CONNECTIONS),
                bulk());
    }

    private static Scenario uploads() {
        return new SteadyScenario(
                "uploads",
                "16 MiB bodies up",
                Routing.ONE_POOL,
                Companion.NONE,
                (target, budget) -> LoadPlan.closed(target, UPLOAD, LARGE_CONNECTIONS),
                bulk());
    }

    private static Scenario fixedRate() {
        return new SteadyScenario(
                "rate",
                "1 KiB at a fixed rate, latency from the due time",
                Routing.ONE_POOL,
                Companion.NONE,
                (target, budget) -> LoadPlan.fixed(target, SMALL, budget.connections(), budget.requestsPerSecond()),
                Figure.ADDED_P99_MICROS,
                Figure.P50_MICROS,
                Figure.P99_MICROS,
                Figure.P999_MICROS,
                Figure.ADDED_P50_MICROS,
                Figure.ADDED_P999_MICROS,
                Figure.SENT_P50_MICROS,
                Figure.SENT_P99_MICROS,
                Figure.SENT_P999_MICROS,
                Figure.CPU_MICROS_PER_REQUEST,
                Figure.REQUESTS_PER_SECOND,
                Figure.STALL_MILLIS);
    }

    private static Scenario reload() {
        return new SteadyScenario(
                "reload",
                "1 KiB, split, weights reloaded each second",
                Routing.SPLIT,
                Companion.RELOAD,
                (target, budget) -> LoadPlan.closed(target, SMALL, budget.connections()),
                Figure.LOST_REQUESTS,
                Figure.RELOADS,
                Figure.CPU_MICROS_PER_REQUEST,
                Figure.P99_MICROS,
                Figure.P999_MICROS,
                Figure.REQUESTS_PER_SECOND,
                Figure.RSS_MIB);
    }

    private static Scenario tls() {
        return kept("tls", "1 KiB, HTTP/1.1 over TLS 1.3, connections kept").over(Link.down(Dialect.H1_TLS));
    }

    private static Scenario handshakes() {
        return opening("handshakes", "1 KiB, a full TLS 1.3 handshake (P-256) for each request", ConnectionUse.FRESH);
    }

    private static Scenario resumptions() {
        return opening("resumptions", "1 KiB, a resumed TLS 1.3 handshake for each request", ConnectionUse.RESUMED);
    }

    private static Scenario opening(String name, String title, ConnectionUse use) {
        return new SteadyScenario(
                        name,
                        title,
                        Routing.ONE_POOL,
                        Companion.NONE,
                        (target, budget) -> LoadPlan.churn(target, SMALL, budget.connections())
                                .using(use),
                        with(Figure.RESUMED_PERCENT))
                .over(Link.down(Dialect.H1_TLS));
    }

    private static Scenario h2c() {
        return kept("h2c", "1 KiB, HTTP/2 from clients, four streams a connection")
                .over(Link.down(Dialect.H2C));
    }

    private static Scenario h2Tls() {
        return kept("h2-tls", "1 KiB, HTTP/2 over TLS 1.3 from clients, four streams a connection")
                .over(Link.down(Dialect.H2_TLS));
    }

    private static Scenario h2Upstream() {
        return kept("h2-upstream", "1 KiB, HTTP/2 to backends, beside HTTP/1.1 to them")
                .over(new Link("", Dialect.H1, Dialect.H2C, 1), Link.PLAIN.labelled("HTTP/1.1 up"));
    }

    private static Scenario loops() {
        return kept("loops", "1 KiB, one worker on one core, beside two on both, one of which the harness shares")
                .over(Link.PLAIN, new Link("2 workers", Dialect.H1, Dialect.H1, 2));
    }

    private static SteadyScenario kept(String name, String title) {
        return new SteadyScenario(
                name,
                title,
                Routing.ONE_POOL,
                Companion.NONE,
                (target, budget) -> LoadPlan.closed(target, SMALL, budget.connections()),
                saturated());
    }

    private static Figure[] saturated() {
        return new Figure[] {
            Figure.CPU_MICROS_PER_REQUEST,
            Figure.REQUESTS_PER_SECOND,
            Figure.PROXY_BUSY_PERCENT,
            Figure.HARNESS_BUSY_PERCENT,
            Figure.HARNESS_MICROS_PER_REQUEST,
            Figure.P50_MICROS,
            Figure.P99_MICROS,
            Figure.RSS_MIB
        };
    }

    private static Figure[] with(Figure more) {
        Figure[] figures = Arrays.copyOf(saturated(), saturated().length + 1);
        figures[figures.length - 1] = more;
        return figures;
    }

    private static Figure[] bulk() {
        return new Figure[] {
            Figure.CPU_SECONDS_PER_GB,
            Figure.GB_PER_SECOND,
            Figure.PROXY_BUSY_PERCENT,
            Figure.HARNESS_BUSY_PERCENT,
            Figure.P99_MICROS,
            Figure.RSS_MIB
        };
    }
}
