package io.turnout.snapshot;

import io.turnout.compare.ComparisonRules;
import io.turnout.compare.ComparisonRules.Ignore;
import io.turnout.config.HeadersConfig;
import io.turnout.config.MirrorConfig;
import io.turnout.config.PathMatch;
import io.turnout.config.RewriteConfig;
import io.turnout.config.RolloutConfig;
import io.turnout.config.RouteConfig;
import io.turnout.config.SplitConfig;
import io.turnout.http.FieldLine;
import io.turnout.routing.Sampling;
import io.turnout.routing.SplitKey;
import io.turnout.snapshot.MirrorPlan.Caps;
import io.turnout.snapshot.MirrorPlan.Control;
import io.turnout.snapshot.MirrorPlan.Shaping;
import io.turnout.telemetry.MirrorBudget;
import io.turnout.telemetry.MirrorMeter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the configured mirrors of one candidate into plans, and keeps the meters of those that stay. */
final class MirrorCompiler {
    /** Marks copies for their receiver, and stops a copy from being copied again by the next Turnout or by this one. */
    private static final String MARK = "Turnout-Mirror";

    private static final String SHADOW = "shadow";
    private static final String CONTROL = "control";

    /** Identity of a mirror's leg over reloads. */
    record LegKey(String route, String pool, String leg) {}

    private final Map<LegKey, MirrorMeter> known;
    private final Map<LegKey, MirrorMeter> meters = new LinkedHashMap<>();
    private final Map<String, PoolPlan> pools = new LinkedHashMap<>();
    private final int loops;
    private int nextId;

    /** @param known meters in force */
    MirrorCompiler(Map<LegKey, MirrorMeter> known, List<PoolPlan> pools, int loops) {
        this.known = known;
        pools.forEach(pool -> this.pools.put(pool.name(), pool));
        this.loops = loops;
    }

    /** Meters of everything compiled so far. */
    Map<LegKey, MirrorMeter> meters() {
        return meters;
    }

    /** @param reverted whether the route's rollout was reverted: then its own mirror sends nothing more, and what it found stays to be read */
    List<MirrorPlan> compile(RouteConfig route, boolean reverted) {
        RolloutConfig rollout = route.rollout();
        RolloutConfig.Mirror stage = rollout == null ? null : rollout.mirror();
        List<MirrorPlan> plans = new ArrayList<>();
        for (MirrorConfig mirror : route.mirrors()) {
            boolean stopped = reverted && stage != null && stage.pool().equals(mirror.pool());
            plans.add(plan(route, mirror, stopped ? 0 : mirror.percentPpm()));
        }
        return plans;
    }

    private MirrorPlan plan(RouteConfig route, MirrorConfig mirror, int sharePpm) {
        MirrorConfig.Compare compare = mirror.compare();
        String control = compare == null ? null : compare.control();
        MirrorMeter meter = meter(new LegKey(route.name(), mirror.pool(), SHADOW), null);
        return new MirrorPlan(
                nextId++,
                route.name(),
                pool(mirror.pool()),
                sampling(mirror, sharePpm),
                mirror.unsafeMethods(),
                caps(mirror),
                shaping(route, mirror),
                meter,
                compare == null ? null : rules(compare),
                control == null ? null : control(route, mirror, control, meter));
    }

    /** Sent under the same caps; it asks the primary's version as the primary is asked. */
    private Control control(RouteConfig route, MirrorConfig mirror, String pool, MirrorMeter shadow) {
        MirrorPlan leg = new MirrorPlan(
                nextId++,
                route.name(),
                pool(pool),
                sampling(mirror, mirror.percentPpm()),
                mirror.unsafeMethods(),
                caps(mirror),
                controlShaping(route, mirror, pool),
                meter(new LegKey(route.name(), mirror.pool(), CONTROL), shadow.budget()),
                null,
                null);
        return new Control(leg, route.split().weights().containsKey(pool));
    }

    private PoolPlan pool(String name) {
        return Objects.requireNonNull(pools.get(name), name);
    }

    private MirrorMeter meter(LegKey key, @Nullable MirrorBudget shared) {
        MirrorMeter kept = known.get(key);
        MirrorMeter meter = kept != null && (shared == null || kept.budget() == shared)
                ? kept
                : new MirrorMeter(
                        key.route(), key.pool(), key.leg(), shared == null ? new MirrorBudget() : shared, loops);
        meters.put(key, meter);
        return meter;
    }

    private static Sampling sampling(MirrorConfig mirror, int sharePpm) {
        SplitKey key = RouteCompiler.key(mirror.key());
        SplitKey drawn = key == null ? null : new SplitKey(key.source(), key.salt(), SplitKey.WithoutKey.DRAW);
        return new Sampling(RouteCompiler.conditions(mirror.when()), sharePpm, drawn);
    }

    /** The control leg is one more copy of each: it needs as many places again. */
    private static Caps caps(MirrorConfig mirror) {
        MirrorConfig.Compare compare = mirror.compare();
        int legs = compare != null && compare.control() != null ? 2 : 1;
        MirrorConfig.Limits limits = mirror.limits();
        return new Caps(
                limits.requestBytes(),
                limits.answerBytes(),
                limits.inFlight() * legs,
                limits.totalBytes(),
                mirror.timeout().toNanos());
    }

    private static Shaping shaping(RouteConfig route, MirrorConfig mirror) {
        return shaping(route, mirror, SHADOW, mirror.headers(), mirror.rewrite());
    }

    /** As the pool is asked when it is a variant: then its own changes apply, and none of the mirror's. */
    private static Shaping controlShaping(RouteConfig route, MirrorConfig mirror, String pool) {
        SplitConfig.Variant variant = route.split().variants().get(pool);
        HeadersConfig own = variant == null ? null : variant.headers();
        return shaping(
                route,
                mirror,
                CONTROL,
                own == null ? null : own.request(),
                variant == null ? route.rewrite() : variant.rewrite());
    }

    private static Shaping shaping(
            RouteConfig route,
            MirrorConfig mirror,
            String label,
            HeadersConfig.@Nullable Edits edits,
            RewriteConfig own) {
        RewriteConfig rewrite = own.isEmpty() ? route.rewrite() : own;
        return new Shaping(
                FieldLine.of(MARK, label),
                mirror.body(),
                mirror.dropCredentials(),
                RouteCompiler.edits(route.headers().request(), edits),
                rewrite.prefix(),
                route.match().path() instanceof PathMatch.Prefix prefix
                        ? prefix.path().length()
                        : 0,
                rewrite.host());
    }

    private static ComparisonRules rules(MirrorConfig.Compare compare) {
        return new ComparisonRules(
                compare.headers(),
                (int) Math.min(compare.bodyBytes(), Integer.MAX_VALUE - 8),
                compare.ignore().stream().map(MirrorCompiler::ignore).toList(),
                compare.redact(),
                compare.noiseRelativePpm(),
                compare.noiseAbsolutePpm(),
                compare.samples());
    }

    private static Ignore ignore(MirrorConfig.Ignore ignore) {
        if (ignore instanceof MirrorConfig.Ignore.Pointer at) {
            return new Ignore.At(at.pointer());
        }
        if (ignore instanceof MirrorConfig.Ignore.Header header) {
            return new Ignore.Header(header.name());
        }
        if (ignore instanceof MirrorConfig.Ignore.Regex regex) {
            return new Ignore.Matching(regex.pattern());
        }
        if (ignore instanceof MirrorConfig.Ignore.Tolerance tolerance) {
            return new Ignore.Tolerance(tolerance.pointer(), tolerance.tolerancePpm());
        }
        return new Ignore.Unordered(((MirrorConfig.Ignore.Unordered) ignore).pointer());
    }
}
