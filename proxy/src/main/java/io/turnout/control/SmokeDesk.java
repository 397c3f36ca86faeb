package io.turnout.control;

import io.turnout.adminapi.SmokeReport;
import io.turnout.config.RouteConfig;
import io.turnout.config.SmokeTest;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.smoke.SmokeRunner;
import io.turnout.model.Ticker;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs smoke tests and remembers how they went. Safe for any thread. */
final class SmokeDesk implements Closeable {
    /** A suite that passed this long ago need not be run again before a switch. */
    static final Duration RECENT = Duration.ofMinutes(1);

    private final Supplier<World> current;
    private final Ticker ticker;
    private final SmokeRunner runner;
    private final Map<Key, Run> last = new ConcurrentHashMap<>();

    SmokeDesk(Supplier<World> current, Ticker ticker, InstantSource clock) {
        this.current = current;
        this.ticker = ticker;
        runner = new SmokeRunner(clock);
    }

    private record Key(String route, String pool) {}

    /** What was asked of whom, when, and what came of it. */
    private record Run(List<SmokeTest> suite, List<InetSocketAddress> members, SmokeReport report, long nanos) {}

    /**
     * Runs the suite of a route at a pool.
     *
     * @param pool null for the pool of the split that has no traffic
     * @return the report, or why nothing was run; never fails
     */
    CompletableFuture<SmokeAnswer> run(String routeName, @Nullable String pool) {
        World world = current.get();
        RouteConfig route = world.desired().route(routeName);
        if (route == null) {
            List<String> names = world.desired().config().routes().stream()
                    .map(RouteConfig::name)
                    .toList();
            return refused(Refused.of(Kind.UNKNOWN_ROUTE, "route " + routeName, Words.oneOf(names)));
        }
        if (route.smoke().isEmpty()) {
            return refused(Refused.of(
                    Kind.NOT_ALLOWED,
                    "route " + routeName + ", which has no smoke tests",
                    "a route with a smoke block"));
        }
        List<String> idle = world.weights(route).entrySet().stream()
                .filter(weight -> weight.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
        String chosen = pool != null || idle.size() != 1 ? pool : idle.get(0);
        if (chosen == null || !route.split().weights().containsKey(chosen)) {
            return refused(Refused.of(
                    Kind.UNKNOWN_POOL,
                    chosen == null ? "no pool, and " + idle.size() + " without traffic" : "pool " + chosen,
                    Words.oneOf(route.split().weights().keySet())));
        }
        return run(world, route, chosen).thenApply(SmokeAnswer.Ran::new);
    }

    private static CompletableFuture<SmokeAnswer> refused(Refused why) {
        return CompletableFuture.completedFuture(new SmokeAnswer.NotRun(why));
    }

    private CompletableFuture<SmokeReport> run(World world, RouteConfig route, String poolName) {
        PoolPlan pool = world.pool(poolName);
        return runner.run(route.name(), route.smoke(), pool).thenApply(report -> {
            Run run = new Run(route.smoke(), members(pool), report, ticker.nanos());
            last.put(new Key(route.name(), poolName), run);
            return report;
        });
    }

    /**
     * Runs the suite unless it passed lately.
     *
     * @return is done when {@link #last} knows; never fails
     */
    CompletableFuture<Void> prepare(String routeName, String pool) {
        World world = current.get();
        RouteConfig route = world.desired().route(routeName);
        boolean concerned = route != null
                && !route.smoke().isEmpty()
                && route.split().weights().containsKey(pool);
        if (route == null || !concerned) {
            return CompletableFuture.completedFuture(null);
        }
        SmokeReport known = last(world, route, pool);
        return known != null && known.passed()
                ? CompletableFuture.completedFuture(null)
                : run(world, route, pool).thenAccept(report -> {});
    }

    /** How the suite went lately, as it stands now and with the members the pool has now; null if it has not run. */
    @Nullable
    SmokeReport last(World world, RouteConfig route, String poolName) {
        Run run = last.get(new Key(route.name(), poolName));
        boolean holds = run != null
                && run.suite.equals(route.smoke())
                && run.members.equals(members(world.pool(poolName)))
                && ticker.nanos() - run.nanos <= RECENT.toNanos();
        return run != null && holds ? run.report : null;
    }

    private static List<InetSocketAddress> members(PoolPlan pool) {
        return pool.endpoints().stream()
                .filter(endpoint -> !endpoint.drained())
                .map(EndpointPlan::address)
                .toList();
    }

    @Override
    public void close() {
        runner.close();
    }
}
