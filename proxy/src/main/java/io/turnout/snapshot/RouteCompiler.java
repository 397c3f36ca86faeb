package io.turnout.snapshot;

import io.turnout.config.HeadersConfig;
import io.turnout.config.KeyConfig;
import io.turnout.config.RequestMatch;
import io.turnout.config.RewriteConfig;
import io.turnout.config.RouteConfig;
import io.turnout.config.SplitConfig;
import io.turnout.http.FieldLine;
import io.turnout.routing.Conditions;
import io.turnout.routing.FieldMatch;
import io.turnout.routing.FieldMatch.Place;
import io.turnout.routing.KeySource;
import io.turnout.routing.OnEmpty;
import io.turnout.routing.PathMatch;
import io.turnout.routing.PoolRef;
import io.turnout.routing.RouteSpec;
import io.turnout.routing.Rule;
import io.turnout.routing.Split;
import io.turnout.routing.SplitKey;
import io.turnout.routing.ValueMatch;
import io.turnout.routing.Variant;
import io.turnout.telemetry.VariantMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns one configured route into what the router and the data plane understand. Stateless. */
final class RouteCompiler {
    private RouteCompiler() {}

    static RouteSpec spec(RouteConfig route, Map<String, PoolRef> pools, Map<String, Integer> weights) {
        List<Rule> rules = route.rules().stream()
                .map(rule -> new Rule(rule.name(), conditions(rule.when()), pool(pools, rule.pool())))
                .toList();
        return new RouteSpec(
                route.name(), route.match().hosts(), conditions(route.match()), rules, split(route, pools, weights));
    }

    private static PoolRef pool(Map<String, PoolRef> pools, String name) {
        return Objects.requireNonNull(pools.get(name), name);
    }

    private static Split split(RouteConfig route, Map<String, PoolRef> pools, Map<String, Integer> weights) {
        SplitConfig split = route.split();
        List<Variant> variants = new ArrayList<>();
        weights.forEach((pool, weight) -> variants.add(new Variant(pool(pools, pool), weight)));
        String stable = route.guard() != null
                ? route.guard().stable()
                : split.weights().keySet().iterator().next();
        return new Split(route.name(), variants, stable, key(split.key()), onEmpty(split.onEmpty(), pools));
    }

    static @Nullable SplitKey key(@Nullable KeyConfig key) {
        if (key == null) {
            return null;
        }
        KeySource source = switch (key.source()) {
            case COOKIE -> new KeySource.Cookie(key.name());
            case HEADER -> new KeySource.Header(key.name().toLowerCase(Locale.ROOT));
            case QUERY -> new KeySource.Query(key.name());
            case CLIENT_ADDRESS -> new KeySource.ClientAddress();
        };
        return new SplitKey(source, key.salt(), key.generate() ? SplitKey.WithoutKey.MINT : SplitKey.WithoutKey.DRAW);
    }

    private static OnEmpty onEmpty(SplitConfig.OnEmpty onEmpty, Map<String, PoolRef> pools) {
        if (onEmpty instanceof SplitConfig.OnEmpty.To to) {
            return new OnEmpty.Divert(pool(pools, to.pool()));
        }
        return onEmpty instanceof SplitConfig.OnEmpty.Fail ? new OnEmpty.Fail() : new OnEmpty.Redistribute();
    }

    static Conditions conditions(RequestMatch match) {
        List<FieldMatch> fields = new ArrayList<>();
        match.headers()
                .forEach((name, value) ->
                        fields.add(new FieldMatch(Place.HEADER, name.toLowerCase(Locale.ROOT), value(value))));
        match.cookies().forEach((name, value) -> fields.add(new FieldMatch(Place.COOKIE, name, value(value))));
        match.query().forEach((name, value) -> fields.add(new FieldMatch(Place.QUERY, name, value(value))));
        match.clientCertificate()
                .forEach((part, value) -> fields.add(new FieldMatch(Place.CERTIFICATE, part.name(), value(value))));
        return new Conditions(path(match.path()), match.methods(), fields);
    }

    private static PathMatch path(io.turnout.config.@Nullable PathMatch path) {
        if (path instanceof io.turnout.config.PathMatch.Exact exact) {
            return new PathMatch.Exact(exact.path());
        }
        if (path instanceof io.turnout.config.PathMatch.Prefix prefix) {
            return new PathMatch.Prefix(prefix.path());
        }
        if (path instanceof io.turnout.config.PathMatch.Regex regex) {
            return PathMatch.Regex.of(regex.pattern());
        }
        return PathMatch.ANY;
    }

    private static ValueMatch value(io.turnout.config.ValueMatch value) {
        if (value instanceof io.turnout.config.ValueMatch.Exact exact) {
            return new ValueMatch.Exact(exact.value());
        }
        if (value instanceof io.turnout.config.ValueMatch.Regex regex) {
            return ValueMatch.Regex.of(regex.pattern());
        }
        return new ValueMatch.Present();
    }

    static RoutePlan plan(RouteConfig route, List<TargetPlan> targets, List<MirrorPlan> mirrors) {
        KeyConfig key = route.split().key();
        return new RoutePlan(
                route.name(),
                targets,
                route.retry().attempts(),
                route.retry().budgetPpm(),
                route.timeout() == null ? 0 : route.timeout().toNanos(),
                route.match().path() instanceof io.turnout.config.PathMatch.Prefix prefix
                        ? prefix.path().length()
                        : 0,
                key != null && key.generate() ? key.name() : null,
                route.split().onSwitch() == SplitConfig.OnSwitch.DRAIN,
                mirrors);
    }

    static TargetPlan target(RouteConfig route, PoolPlan pool, VariantMeter meter) {
        SplitConfig.Variant variant = route.split().variants().get(pool.name());
        HeadersConfig own = variant == null ? null : variant.headers();
        RewriteConfig rewrite = variant == null || variant.rewrite().isEmpty() ? route.rewrite() : variant.rewrite();
        return new TargetPlan(
                pool,
                meter,
                edits(route.headers().request(), own == null ? null : own.request()),
                edits(route.headers().response(), own == null ? null : own.response()),
                rewrite.prefix(),
                rewrite.host());
    }

    /** The route's edits first, then the variant's on top of them. */
    static HeaderEdits edits(HeadersConfig.Edits route, HeadersConfig.@Nullable Edits variant) {
        List<String> remove = new ArrayList<>();
        List<FieldLine> set = new ArrayList<>();
        List<FieldLine> add = new ArrayList<>();
        append(route, remove, set, add);
        if (variant != null) {
            append(variant, remove, set, add);
        }
        HeaderEdits edits = new HeaderEdits(remove, set, add);
        return edits.isNone() ? HeaderEdits.NONE : edits;
    }

    private static void append(
            HeadersConfig.Edits from, List<String> remove, List<FieldLine> set, List<FieldLine> add) {
        from.remove().forEach(name -> remove.add(name.toLowerCase(Locale.ROOT)));
        from.set().forEach((name, value) -> set.add(FieldLine.of(name, value)));
        from.add().forEach((name, value) -> add.add(FieldLine.of(name, value)));
    }
}
