package io.turnout.control;

import io.turnout.config.GuardConfig;
import io.turnout.config.RolloutConfig;
import io.turnout.config.RouteConfig;
import io.turnout.control.VariantGuard.Standing;
import io.turnout.control.evidence.Arm;
import io.turnout.control.state.RouteOverride;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.Verdict;
import io.turnout.judge.VerdictText;
import io.turnout.plan.JudgePlans;
import io.turnout.shadow.Comparisons;
import io.turnout.telemetry.VariantSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges the variants of one route: each beside the stable one and, for a while after a switch, the new side beside the
 * old one, whichever of them is called stable. Confined to the control thread.
 */
final class RouteGuard {
    private static final Cause SELF = Cause.of("guard", Cause.SELF);

    private final String route;
    private final Comparisons comparisons;
    private final Map<Pair, VariantGuard> guards = new LinkedHashMap<>();
    private @Nullable Watch watch;
    private @Nullable DifferenceLimit differences;

    /** The variant on trial and the one beside it. */
    private record Pair(String pool, String against) {}

    /**
     * The time after a switch in which it may be taken back.
     *
     * @param override the switch
     * @param base how variants of the route are judged
     * @param plan how the new side is judged
     */
    private record Watch(RouteOverride override, Pair pair, JudgePlan base, JudgePlan plan, long endsNanos) {
        boolean isOver(long nowNanos) {
            return endsNanos - nowNanos <= 0;
        }
    }

    RouteGuard(String route, Comparisons comparisons) {
        this.route = route;
        this.comparisons = comparisons;
    }

    /** The world is another one. */
    void follow(World world, RouteConfig config, GuardConfig guard, Instant now, long nowNanos) {
        JudgePlan plan = JudgePlans.of(config, guard);
        Map<String, Integer> weights = world.weights(config);
        List<Pair> pairs = new ArrayList<>();
        weights.keySet().stream()
                .filter(pool -> !pool.equals(guard.stable()))
                .forEach(pool -> pairs.add(new Pair(pool, guard.stable())));
        RouteOverride override = world.state().overrides().get(route);
        Pair switched = override == null ? null : switched(override, guard.stable(), config.rollout());
        if (switched != null && !pairs.contains(switched)) {
            pairs.add(switched);
        }
        guards.entrySet().removeIf(entry -> isGone(entry, pairs));
        pairs.forEach(pair -> guards.computeIfAbsent(pair, missing -> guard(world, missing, plan)));
        watch = override == null || switched == null ? null : watch(override, switched, plan, guard, now, nowNanos);
        differences = limit(guard.differences());
        Watch current = watch;
        guards.forEach((pair, judged) -> judged.follow(
                arm(world, pair.pool),
                arm(world, pair.against),
                current != null && current.pair.equals(pair) ? current.plan : plan,
                standing(pair, weights, switched != null, nowNanos)));
    }

    /** What was seen of variants on trial counts no more: it was not theirs. */
    void disregard() {
        guards.values().stream().filter(VariantGuard::isOnTrial).forEach(VariantGuard::beginTrial);
    }

    /** A limit that stays goes on with the answers it has counted. */
    private @Nullable DifferenceLimit limit(GuardConfig.@Nullable Differences wanted) {
        DifferenceLimit known = differences;
        if (wanted == null || (known != null && known.limit().equals(wanted))) {
            return wanted == null ? null : known;
        }
        return new DifferenceLimit(comparisons, route, wanted);
    }

    private static boolean isGone(Map.Entry<Pair, VariantGuard> entry, List<Pair> pairs) {
        boolean gone = !pairs.contains(entry.getKey());
        if (gone) {
            entry.getValue().close();
        }
        return gone;
    }

    /** The new side and the old one, if a switch or the end of a rollout is in force and the old side is known. */
    private static @Nullable Pair switched(RouteOverride override, String stable, @Nullable RolloutConfig rollout) {
        boolean moved = override.kind() == RouteOverride.Kind.SWITCH
                || (override.kind() == RouteOverride.Kind.ROLLOUT && override.from() != null);
        if (!moved) {
            return null;
        }
        // After a switch there is one; other variants of a rollout's split keep their share.
        String to = rollout != null && override.kind() == RouteOverride.Kind.ROLLOUT
                ? rollout.canary()
                : Collections.max(override.weights().entrySet(), Map.Entry.comparingByValue())
                        .getKey();
        String from = override.from() == null ? stable : override.from();
        return from.equals(to) || !override.weights().containsKey(from) ? null : new Pair(to, from);
    }

    private VariantGuard guard(World world, Pair pair, JudgePlan plan) {
        return new VariantGuard(pair.pool, pair.against, arm(world, pair.pool), arm(world, pair.against), plan);
    }

    private Arm arm(World world, String pool) {
        VariantSeries series = world.series().stream()
                .filter(one -> one.route().equals(route) && one.pool().equals(pool))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series of " + pool + " in route " + route));
        return new Arm(series, world.pool(pool).endpoints());
    }

    /** The watch over a switch begins with it, or goes on after a restart; the wall clock is asked once. */
    private Watch watch(
            RouteOverride override, Pair pair, JudgePlan plan, GuardConfig guard, Instant now, long nowNanos) {
        Watch running = watch;
        JudgePlan stricter = Objects.requireNonNull(guards.get(pair)).planAfterSwitch(plan, guard);
        if (running != null && running.override.equals(override)) {
            return running.base.equals(plan) ? running : new Watch(override, pair, plan, stricter, running.endsNanos);
        }
        Duration passed = Duration.between(override.time(), now);
        long left = guard.watch()
                .minus(passed.isNegative() ? Duration.ZERO : passed)
                .toNanos();
        return new Watch(override, pair, plan, stricter, nowNanos + Math.max(0, left));
    }

    private Standing standing(Pair pair, Map<String, Integer> weights, boolean switched, long nowNanos) {
        Integer weight = weights.get(pair.pool);
        if (weight == null || weight == 0) {
            return Standing.ASIDE;
        }
        boolean watched = watch != null && watch.pair.equals(pair) && !watch.isOver(nowNanos);
        return watched || !switched ? Standing.ON_TRIAL : Standing.ASIDE;
    }

    /**
     * Takes a look at every variant.
     *
     * @return what is to be done
     */
    List<Command> look(World world, PoolReach reach, long nowNanos, long elapsedNanos) {
        if (isSwitchTrusted(nowNanos)) {
            guards.values().forEach(guard -> guard.stand(Standing.ASIDE));
        }
        DifferenceLimit limit = differences;
        if (limit != null) {
            limit.look(guards.values().stream().anyMatch(guard -> limitOf(guard) == limit && guard.isOnTrial()));
        }
        List<Command> commands = new ArrayList<>();
        boolean meantToStay = areMeantToStay(world);
        for (VariantGuard guard : guards.values()) {
            guard.look(nowNanos, elapsedNanos);
            if (meantToStay) {
                guard.renew();
            }
            if (guard.isOnTrial()) {
                Command command = consequence(guard, world, reach, nowNanos);
                if (command != null) {
                    commands.add(command);
                }
            }
        }
        return commands;
    }

    /** Whether the weights are not on their way anywhere: a rollout is one trial, and so is the watch after a switch. */
    private boolean areMeantToStay(World world) {
        RouteOverride override = world.state().overrides().get(route);
        return watch == null && (override == null || override.kind() != RouteOverride.Kind.ROLLOUT);
    }

    private @Nullable Command consequence(VariantGuard guard, World world, PoolReach reach, long nowNanos) {
        if (guard.verdict() instanceof Verdict.Revert revert) {
            String obstacle = obstacle(guard.against(), world, reach, nowNanos);
            return revert(guard, VerdictText.cause(revert), VerdictText.reverted(route, revert), obstacle);
        }
        if (guard.verdict() == Verdict.Standing.SHARED_INCIDENT) {
            return freeze(guard, guard.pool() + " and " + guard.against() + " are both failing: nothing is moved");
        }
        DifferenceLimit limit = limitOf(guard);
        if (limit != null && limit.isBreached()) {
            String obstacle = obstacle(guard.against(), world, reach, nowNanos);
            return revert(
                    guard, limit.text(), "REVERTED " + route + ": " + limit.text() + "\n" + details(guard), obstacle);
        }
        guard.freeze(null);
        return null;
    }

    private @Nullable Command revert(VariantGuard guard, String sentence, String evidence, @Nullable String obstacle) {
        if (obstacle != null) {
            return freeze(guard, "not reverted, pool " + guard.against() + " " + obstacle + ": " + sentence);
        }
        return new Command.RevertVariant(route, guard.pool(), guard.against(), evidence, SELF.because(sentence));
    }

    /** How different a shadow may be that runs what this variant runs; null without such a limit. */
    private @Nullable DifferenceLimit limitOf(VariantGuard guard) {
        DifferenceLimit limit = differences;
        return limit != null && limit.limit().variant().equals(guard.pool()) ? limit : null;
    }

    /** The evidence against a variant in words, some lines; allocates. */
    String details(VariantGuard guard) {
        String judged = VerdictText.details(guard.evidence());
        DifferenceLimit limit = limitOf(guard);
        return limit == null ? judged : judged + "\n  shadow   " + limit.text();
    }

    /** Why users of a bad variant cannot be sent to this pool; null if they can. */
    private @Nullable String obstacle(String pool, World world, PoolReach reach, long nowNanos) {
        RouteOverride override = world.state().overrides().get(route);
        if (override != null && override.reverted().contains(pool)) {
            return "was reverted itself";
        }
        return reach.isUsable(world.pool(pool), nowNanos) ? null : "has no usable endpoint";
    }

    private @Nullable Command freeze(VariantGuard guard, String why) {
        return guard.freeze(why) ? new Command.ReportFreeze(route, guard.pool(), SELF.because(why)) : null;
    }

    /** The guard of a variant beside another; null if that pair is not judged. */
    @Nullable
    VariantGuard variant(String pool, String against) {
        return guards.get(new Pair(pool, against));
    }

    /** Those that are on trial or have been reverted, in the order of the split. */
    List<VariantGuard> variants() {
        return guards.values().stream()
                .filter(guard -> guard.isOnTrial() || guard.isReverted())
                .toList();
    }

    /** Whether a switch is trusted because its watch is over. */
    boolean isSwitchTrusted(long nowNanos) {
        return watch != null && watch.isOver(nowNanos);
    }

    /** Lets go of the counters. */
    void close() {
        guards.values().forEach(VariantGuard::close);
    }
}
