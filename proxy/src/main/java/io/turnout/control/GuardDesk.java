package io.turnout.control;

import io.turnout.adminapi.RouteEvidence;
import io.turnout.config.GuardConfig;
import io.turnout.config.RouteConfig;
import io.turnout.shadow.Comparisons;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after every route with a guard, ten times a second, and takes the traffic of a bad variant away.
 *
 * <p>Confined to the control thread, but for {@link #evidence}, which is safe for any thread: a volatile field of
 * immutable values.
 */
final class GuardDesk implements Routine {
    private static final Logger LOG = LoggerFactory.getLogger(GuardDesk.class);

    /** Routines run after every command as well; a look this soon after another one has nothing to see. */
    private static final long SHORTEST_NANOS = 50_000_000L;

    /** What is shown is made anew this often, and at once when something is to be done: it is many words. */
    private static final long SHOWN_NANOS = 1_000_000_000L;

    /**
     * A look that comes so late tells of a process or machine that stood still: suspended, moved to another host, swapping.
     * Requests that waited for it waited for us, and for neither variant.
     */
    private static final long STANDSTILL_NANOS = 5_000_000_000L;

    /** How long after a standstill the requests that waited for its end are still being answered. */
    private static final long AWAKENING_NANOS = 1_000_000_000L;

    private final Supplier<World> current;
    private final Comparisons comparisons;
    private final InstantSource clock;
    private final PoolReach reach = new PoolReach();
    private final Map<String, RouteGuard> guards = new LinkedHashMap<>();
    private long knownGeneration;
    private long lookedNanos;
    private long shownNanos;
    private boolean awakening;
    private long awakeNanos;
    private volatile Map<String, RouteEvidence> evidence = Map.of();

    GuardDesk(Supplier<World> current, Comparisons comparisons, InstantSource clock) {
        this.current = current;
        this.comparisons = comparisons;
        this.clock = clock;
    }

    /** Begins to read before the first request comes, and before the control thread runs. Once. */
    void begin(long nowNanos) {
        World world = current.get();
        follow(world, nowNanos);
        knownGeneration = world.generation();
        lookedNanos = nowNanos;
    }

    /** What was known of a route at the last look; null if it has no guard. Any thread. */
    @Nullable
    RouteEvidence evidence(String route) {
        return evidence.get(route);
    }

    /** The same in words; null if nothing is judged there. Any thread. */
    @Nullable
    String evidenceInWords(String route) {
        RouteEvidence known = evidence.get(route);
        return known == null || known.variants().isEmpty()
                ? null
                : known.variants().stream()
                        .map(one -> one.pool() + ": " + one.details())
                        .collect(Collectors.joining("\n"));
    }

    /** The guard of a variant of a route, as of the last look; null if it is not judged. Control thread only. */
    @Nullable
    VariantGuard variant(String route, String pool, String against) {
        RouteGuard guard = guards.get(route);
        return guard == null ? null : guard.variant(pool, against);
    }

    /** Nothing that was seen of a variant so far counts any more. Control thread only. */
    void beginTrial(String route, String pool, String against) {
        VariantGuard guard = variant(route, pool, against);
        if (guard != null) {
            guard.beginTrial();
        }
    }

    /** Whether a pool could take traffic, as far as is known. Control thread only. */
    boolean isUsable(PoolPlan pool) {
        return reach.isUsable(pool, lookedNanos);
    }

    /** The same of one endpoint. */
    boolean isUsable(EndpointPlan endpoint) {
        return reach.isUsable(endpoint, lookedNanos);
    }

    @Override
    public List<Command> onTick(long nowNanos) {
        World world = current.get();
        if (world.generation() != knownGeneration) {
            follow(world, nowNanos);
            knownGeneration = world.generation();
        }
        long elapsedNanos = nowNanos - lookedNanos;
        if (elapsedNanos < SHORTEST_NANOS) {
            return List.of();
        }
        lookedNanos = nowNanos;
        if (elapsedNanos > STANDSTILL_NANOS && !guards.isEmpty()) {
            awakening = true;
            awakeNanos = nowNanos + AWAKENING_NANOS;
            LOG.warn(
                    "the process stood still for {} s: what requests saw of it counts for no variant",
                    TimeUnit.NANOSECONDS.toSeconds(elapsedNanos));
        }
        List<Command> commands = look(world, nowNanos, elapsedNanos);
        awakening &= nowNanos - awakeNanos < 0;
        return commands;
    }

    private void follow(World world, long nowNanos) {
        reach.follow(world.snapshot().pools());
        Map<String, RouteGuard> kept = new LinkedHashMap<>();
        for (RouteConfig route : world.desired().config().routes()) {
            GuardConfig config = route.guard();
            if (config != null) {
                RouteGuard guard = guards.remove(route.name());
                guard = guard == null ? new RouteGuard(route.name(), comparisons) : guard;
                guard.follow(world, route, config, clock.instant(), nowNanos);
                kept.put(route.name(), guard);
            }
        }
        guards.values().forEach(RouteGuard::close);
        guards.clear();
        guards.putAll(kept);
        shownNanos = nowNanos - SHOWN_NANOS;
    }

    private List<Command> look(World world, long nowNanos, long elapsedNanos) {
        if (guards.isEmpty()) {
            evidence = Map.of();
            return List.of();
        }
        reach.look(world.snapshot().pools());
        List<Command> commands = new ArrayList<>();
        for (RouteGuard guard : guards.values()) {
            List<Command> found = guard.look(world, reach, nowNanos, elapsedNanos);
            if (awakening) {
                guard.disregard();
            } else {
                commands.addAll(found);
            }
        }
        commands.forEach(GuardDesk::warn);
        if (!commands.isEmpty() || nowNanos - shownNanos >= SHOWN_NANOS) {
            show(nowNanos);
        }
        return commands;
    }

    private void show(long nowNanos) {
        shownNanos = nowNanos;
        Map<String, RouteEvidence> next = new HashMap<>();
        guards.forEach((route, guard) -> next.put(route, GuardViews.of(route, guard, nowNanos)));
        evidence = Map.copyOf(next);
    }

    private static void warn(Command command) {
        if (command instanceof Command.RevertVariant revert) {
            LOG.warn("{}", revert.evidence());
        } else {
            LOG.warn("{}", command.cause().reason());
        }
    }
}
