package io.turnout.control;

import io.turnout.adminapi.SmokeReport;
import io.turnout.config.PoolConfig;
import io.turnout.config.RouteConfig;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.VariantSeries;
import java.util.ArrayList;
import java.util.List;

/** What must hold of a pool before all traffic of a route goes to it. Confined to the control thread. */
final class SwitchChecks {
    private final GuardDesk guards;
    private final SmokeDesk smoke;

    SwitchChecks(GuardDesk guards, SmokeDesk smoke) {
        this.guards = guards;
        this.smoke = smoke;
    }

    /** One precondition and whether it holds. */
    record Check(String name, boolean passed, String text) {
        /** As in {@code healthy: passed (2 of 2 endpoints usable)}. */
        String line() {
            return name + ": " + (passed ? "passed" : "failed") + " (" + text + ")";
        }
    }

    /** All of them, as things are now. */
    List<Check> of(World world, RouteConfig route, String pool, Cause cause) {
        List<Check> checks = new ArrayList<>();
        if (cause.expectedGeneration() != null) {
            checks.add(new Check("generation", true, "still " + world.generation()));
        }
        checks.add(healthy(world.pool(pool)));
        checks.add(capacity(world, route, pool));
        if (!route.smoke().isEmpty()) {
            checks.add(smoke(world, route, pool));
        }
        return checks;
    }

    private Check healthy(PoolPlan pool) {
        long usable = pool.endpoints().stream().filter(guards::isUsable).count();
        String text = usable + " of " + pool.endpoints().size() + " endpoints usable";
        boolean drained = pool.endpoints().stream().allMatch(EndpointPlan::drained);
        return new Check("healthy", usable > 0, drained ? "every endpoint drained" : text);
    }

    /** What runs now on the other variants of the route must find room. */
    private static Check capacity(World world, RouteConfig route, String pool) {
        long running = world.series().stream()
                .filter(series -> series.route().equals(route.name())
                        && !series.pool().equals(pool)
                        && route.split().weights().containsKey(series.pool()))
                .mapToLong(SwitchChecks::running)
                .sum();
        PoolConfig.Limits limits = world.desired().config().pool(pool).limits();
        long busy = world.pool(pool).endpoints().stream()
                .mapToLong(endpoint -> endpoint.meter().active())
                .sum();
        long room = Math.max(0, (long) limits.connections() + limits.pending() - busy);
        return new Check("capacity", running <= room, running + " requests running, room for " + room);
    }

    private static long running(VariantSeries series) {
        // Read one after the other: an end may be seen whose beginning was not.
        return Math.max(0, series.totals().started() - series.totals().finished());
    }

    private Check smoke(World world, RouteConfig route, String pool) {
        SmokeReport report = smoke.last(world, route, pool);
        return report == null
                ? new Check("smoke", false, "has not been run")
                : new Check("smoke", report.passed(), report.text());
    }
}
