package io.turnout.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits, routes and draws for tests. */
final class Samples {
    static final VisitorMint MINT = new VisitorMint("0123456789abcdef".getBytes(StandardCharsets.US_ASCII), 600);

    private Samples() {}

    static PoolRef pool(String name) {
        return new PoolRef(name, Math.floorMod(name.hashCode(), 10_000));
    }

    /** Variants as {@code name, weight, name, weight ...}. */
    static List<Variant> variants(Object... namesAndWeights) {
        var variants = new ArrayList<Variant>();
        for (int i = 0; i < namesAndWeights.length; i += 2) {
            variants.add(new Variant(pool((String) namesAndWeights[i]), (Integer) namesAndWeights[i + 1]));
        }
        return variants;
    }

    static Split split(Object... namesAndWeights) {
        return Split.byWeight("s", variants(namesAndWeights));
    }

    static Split keyed(@Nullable SplitKey key, Object... namesAndWeights) {
        List<Variant> variants = variants(namesAndWeights);
        return new Split("s", variants, variants.get(0).name(), key, new OnEmpty.Redistribute());
    }

    static SplitKey byCookie(String name) {
        return new SplitKey(new KeySource.Cookie(name), "s", SplitKey.WithoutKey.DRAW);
    }

    static Draws draws() {
        return new Draws(0, 1, MINT);
    }

    static RouteSpec route(String name, List<String> hosts, Conditions when) {
        return new RouteSpec(name, hosts, when, List.of(), Split.byWeight(name, variants(name, 1)));
    }

    static RouteSpec route(String name, Conditions when) {
        return route(name, List.of(), when);
    }

    static Conditions path(PathMatch path) {
        return new Conditions(path, List.of(), List.of());
    }

    static PathMatch exact(String path) {
        return new PathMatch.Exact(path);
    }

    static PathMatch prefix(String path) {
        return new PathMatch.Prefix(path);
    }

    static PathMatch regex(String pattern) {
        return PathMatch.Regex.of(pattern);
    }

    static FieldMatch header(String name, String value) {
        return new FieldMatch(FieldMatch.Place.HEADER, name, new ValueMatch.Exact(value));
    }

    static FieldMatch cookie(String name, String value) {
        return new FieldMatch(FieldMatch.Place.COOKIE, name, new ValueMatch.Exact(value));
    }

    static FieldMatch query(String name, String value) {
        return new FieldMatch(FieldMatch.Place.QUERY, name, new ValueMatch.Exact(value));
    }

    static Conditions fields(FieldMatch... fields) {
        return new Conditions(PathMatch.ANY, List.of(), List.of(fields));
    }

    static Conditions methods(String... methods) {
        return new Conditions(PathMatch.ANY, List.of(methods), List.of());
    }

    static DescribedRequest get(String host, String target) {
        return DescribedRequest.of("GET", host, target);
    }
}
