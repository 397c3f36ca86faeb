package io.turnout.control;

import io.turnout.config.RouteConfig;
import io.turnout.config.SplitConfig;
import io.turnout.control.Command.ClearOverride;
import io.turnout.control.Command.ExpireOverride;
import io.turnout.control.Command.Preconditions;
import io.turnout.control.Command.ReportFreeze;
import io.turnout.control.Command.RevertVariant;
import io.turnout.control.Command.SetWeights;
import io.turnout.control.Command.SwitchTo;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.SwitchChecks.Check;
import io.turnout.control.state.Change;
import io.turnout.control.state.RouteOverride;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays decisions on weights over the file, and takes them off. Confined to the control thread. */
final class WeightDesk {
    /** What the only pool weighs after a switch; any number would do, this one reads as a percentage. */
    private static final int ALL = 100;

    private final Publisher publisher;
    private final InstantSource clock;
    private final SwitchChecks checks;

    WeightDesk(Publisher publisher, InstantSource clock, SwitchChecks checks) {
        this.publisher = publisher;
        this.clock = clock;
        this.checks = checks;
    }

    CommandResult setWeights(SetWeights command) {
        RouteConfig route = publisher.world().desired().route(command.route());
        if (route == null) {
            return unknownRoute(command.route());
        }
        Refused refused = refusal(command, route);
        if (refused != null) {
            return refused;
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        route.split().weights().keySet().forEach(pool -> weights.put(pool, weight(command, pool)));
        boolean same = publisher.world().weights(route).equals(weights);
        if (same && command.ttl() == null && !isTimed(route)) {
            return unchanged("route " + route.name() + " already has " + Words.weights(weights));
        }
        RouteOverride.Terms terms = terms(route, command.cause());
        Instant end = command.ttl() == null ? null : terms.time().plus(command.ttl());
        return lay(route, RouteOverride.weights(terms, weights, end), "weights", command.cause());
    }

    /** Whether what is in force will end by itself: then the same without end is another decision. */
    private boolean isTimed(RouteConfig route) {
        RouteOverride override = publisher.world().state().overrides().get(route.name());
        return override != null && override.expiresAt() != null;
    }

    private static int weight(SetWeights command, String pool) {
        Integer weight = command.weights().get(pool);
        return weight == null ? 0 : weight;
    }

    private static @Nullable Refused refusal(SetWeights command, RouteConfig route) {
        long sum = 0;
        for (Map.Entry<String, Integer> weight : command.weights().entrySet()) {
            if (!route.split().weights().containsKey(weight.getKey())) {
                return unknownPool(weight.getKey(), route);
            }
            // What comes from JSON may be null, whatever the type says.
            Integer given = weight.getValue();
            if (given == null || given < 0 || given > SplitConfig.MAX_WEIGHT) {
                return Refused.of(
                        Kind.INVALID,
                        "weight " + given + " for " + weight.getKey(),
                        "a whole number from 0 to " + SplitConfig.MAX_WEIGHT);
            }
            sum += given;
        }
        if (sum == 0) {
            return Refused.of(Kind.INVALID, "weights that sum to 0", "at least one pool with a weight above 0");
        }
        Duration ttl = command.ttl();
        return ttl != null && (ttl.isNegative() || ttl.isZero())
                ? Refused.of(Kind.INVALID, "a ttl of " + ttl.toSeconds() + "s", "more than 0s, or none")
                : null;
    }

    CommandResult switchTo(SwitchTo command) {
        RouteConfig route = publisher.world().desired().route(command.route());
        if (route == null) {
            return unknownRoute(command.route());
        }
        String to = command.pool();
        if (!route.split().weights().containsKey(to)) {
            return unknownPool(to, route);
        }
        if (isOnlyOne(publisher.world().weights(route), to) && !isTimed(route)) {
            return unchanged("route " + route.name() + " already sends everything to " + to);
        }
        List<Check> found = checks.of(publisher.world(), route, to, command.cause());
        boolean checked = command.preconditions() == Preconditions.CHECKED;
        if (checked && !found.stream().allMatch(Check::passed)) {
            return Refused.of(
                    Kind.NOT_ALLOWED,
                    "pool " + to + " with " + String.join("; ", lines(found)),
                    "every check passed, or force");
        }
        Map<String, Integer> weights = new LinkedHashMap<>(route.split().weights());
        weights.replaceAll((pool, desired) -> pool.equals(to) ? ALL : 0);
        RouteOverride override = RouteOverride.switched(terms(route, command.cause()), weights, busiestBut(route, to));
        CommandResult result = lay(route, override, "switch", command.cause());
        return result instanceof Applied done
                ? new Applied(done.generation(), done.changed(), done.summary(), notes(found, checked))
                : result;
    }

    private static List<String> lines(List<Check> checks) {
        return checks.stream().map(Check::line).toList();
    }

    private static List<String> notes(List<Check> checks, boolean checked) {
        return checks.stream()
                .map(check -> check.line() + (checked || check.passed() ? "" : ", forced"))
                .toList();
    }

    /** The pool that has most of the traffic, other than this one; null if there is no other with traffic. */
    private @Nullable String busiestBut(RouteConfig route, String to) {
        String busiest = null;
        int most = 0;
        for (Map.Entry<String, Integer> weight :
                publisher.world().weights(route).entrySet()) {
            if (!weight.getKey().equals(to) && weight.getValue() > most) {
                busiest = weight.getKey();
                most = weight.getValue();
            }
        }
        return busiest;
    }

    private static boolean isOnlyOne(Map<String, Integer> weights, String pool) {
        return weights.entrySet().stream().allMatch(weight -> weight.getKey().equals(pool) == (weight.getValue() > 0));
    }

    private RouteOverride.Terms terms(RouteConfig route, Cause cause) {
        // Milliseconds are what a person reads and what survives in the journal without surprise.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new RouteOverride.Terms(route.split().weights(), cause.actor(), cause.source(), cause.reason(), now);
    }

    private CommandResult lay(RouteConfig route, RouteOverride override, String action, Cause cause) {
        Effect effect = effect(route, override, action, null);
        return publish(route, effect, cause, "route " + route.name() + " now has " + effect.after());
    }

    private Effect effect(RouteConfig route, RouteOverride override, String action, @Nullable String reason) {
        Instant end = override.expiresAt();
        return new Effect(
                new Change.OverrideLaid(route.name(), override),
                action,
                "route " + route.name(),
                Words.weights(publisher.world().weights(route)),
                Words.weights(override.weights()) + (end == null ? "" : " until " + end),
                reason);
    }

    /** The bad variant gets nothing from the next request on, and its weight goes to the fallback. */
    CommandResult revert(RevertVariant command) {
        RouteConfig route = publisher.world().desired().route(command.route());
        if (route == null) {
            return unknownRoute(command.route());
        }
        Map<String, Integer> weights = publisher.world().weights(route);
        Integer weight = weights.get(command.pool());
        Integer fallback = weights.get(command.fallback());
        if (weight == null || fallback == null) {
            return unknownPool(weight == null ? command.pool() : command.fallback(), route);
        }
        if (weight == 0) {
            return unchanged("pool " + command.pool() + " gets no requests of route " + route.name() + " already");
        }
        weights.put(command.pool(), 0);
        weights.put(command.fallback(), (int) Math.min(SplitConfig.MAX_WEIGHT, (long) fallback + weight));
        RouteOverride override =
                RouteOverride.revert(terms(route, command.cause()), weights, reverted(route, command.pool()));
        Effect effect = effect(route, override, "revert", command.evidence());
        Refused refused = publisher.publish(Step.rescue(publisher.world().desired(), effect, command.cause()));
        return refused != null
                ? refused
                : new Applied(
                        publisher.world().generation(), true, "pool " + command.pool() + " is reverted", List.of());
    }

    private List<String> reverted(RouteConfig route, String pool) {
        RouteOverride before = publisher.world().state().overrides().get(route.name());
        List<String> reverted = new ArrayList<>(before == null ? List.of() : before.reverted());
        reverted.add(pool);
        return reverted;
    }

    CommandResult reportFreeze(ReportFreeze command) {
        String subject = "route " + command.route();
        publisher.note(new Effect(null, "freeze", subject, null, null, null), command.cause());
        return unchanged(subject + " keeps its weights, although pool " + command.pool() + " is bad");
    }

    CommandResult clear(ClearOverride command) {
        RouteConfig route = publisher.world().desired().route(command.route());
        if (route == null) {
            return unknownRoute(command.route());
        }
        RouteOverride override = publisher.world().state().overrides().get(route.name());
        return override == null
                ? unchanged("route " + route.name() + " has no override")
                : end(route, override, command.cause(), null);
    }

    CommandResult expire(ExpireOverride command) {
        RouteConfig route = publisher.world().desired().route(command.route());
        RouteOverride override = publisher.world().state().overrides().get(command.route());
        return route == null || override == null || !override.equals(command.override())
                ? unchanged("the override of route " + command.route() + " is another one")
                : end(route, override, command.cause(), "its time is over");
    }

    private CommandResult end(RouteConfig route, RouteOverride override, Cause cause, @Nullable String why) {
        Map<String, Integer> desired = route.split().weights();
        Effect effect = OverrideRules.ending(route.name(), override, desired, why);
        return publish(route, effect, cause, "route " + route.name() + " is back to " + Words.weights(desired));
    }

    /** A rollout gives way to whoever decides on its weights otherwise. */
    private CommandResult publish(RouteConfig route, Effect effect, Cause cause, String summary) {
        World world = publisher.world();
        List<Effect> effects = new ArrayList<>(List.of(effect));
        Effect displaced = RolloutRules.displacement(
                world.state(), route.name(), effect.action() + " by " + cause.actor(), clock.instant());
        if (displaced != null) {
            effects.add(displaced);
        }
        Refused refused = publisher.publish(Step.decision(world.desired(), effects, cause));
        return refused != null ? refused : new Applied(publisher.world().generation(), true, summary, List.of());
    }

    private CommandResult unchanged(String summary) {
        return new Applied(publisher.world().generation(), false, summary, List.of());
    }

    private CommandResult unknownRoute(String name) {
        List<String> names = publisher.world().desired().config().routes().stream()
                .map(RouteConfig::name)
                .toList();
        return Refused.of(Kind.UNKNOWN_ROUTE, "route " + name, Words.oneOf(names));
    }

    private static Refused unknownPool(String name, RouteConfig route) {
        return Refused.of(
                Kind.UNKNOWN_POOL,
                "pool " + name,
                Words.oneOf(route.split().weights().keySet()) + " (the split of route " + route.name() + ")");
    }
}
