package io.turnout.routing;

import io.turnout.model.DecisionReason;
import io.turnout.routing.Explanation.AskedRule;
import io.turnout.routing.Explanation.Choice;
import io.turnout.routing.Explanation.ConsideredRoute;
import io.turnout.routing.Explanation.Fate;
import io.turnout.routing.Explanation.KeyTrace;
import io.turnout.routing.Explanation.VariantShare;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows a decision step by step and writes down what it saw. Confined to its caller. */
final class Explainer {
    private static final double TWO_TO_THE_64 = 0x1p64;

    private final RouteTable table;
    private final VisitorMint mint;
    private final long epochSeconds;

    Explainer(RouteTable table, VisitorMint mint, long epochSeconds) {
        this.table = table;
        this.mint = mint;
        this.epochSeconds = epochSeconds;
    }

    Explanation explain(RequestView request) {
        Route chosen = table.match(request);
        List<ConsideredRoute> considered = table.routes().stream()
                .map(route -> consider(route, chosen, request))
                .toList();
        return new Explanation(considered, chosen == null ? null : choose(chosen, request));
    }

    private static ConsideredRoute consider(Route route, @Nullable Route chosen, RequestView request) {
        String mismatch = mismatch(route.spec(), request);
        if (mismatch != null) {
            return new ConsideredRoute(route.name(), Fate.NO_MATCH, mismatch);
        }
        if (route == chosen || chosen == null) {
            return new ConsideredRoute(route.name(), Fate.CHOSEN, "matches, and no other match is more specific");
        }
        return new ConsideredRoute(
                route.name(), Fate.OUTRANKED, "matches, but route " + chosen.name() + " takes precedence");
    }

    private static @Nullable String mismatch(RouteSpec spec, RequestView request) {
        if (!spec.hosts().isEmpty()
                && spec.hosts().stream()
                        .noneMatch(host -> matchesHost(host, request.host().toString()))) {
            return "host is \"" + request.host() + "\", wanted " + String.join(" or ", spec.hosts());
        }
        return mismatch(spec.when(), request);
    }

    private static @Nullable String mismatch(Conditions when, RequestView request) {
        return when.path().matches(request.path())
                ? new FieldConditions(when).firstFailing(request)
                : "path is " + request.path() + ", wanted " + when.path();
    }

    private static boolean matchesHost(String wanted, String host) {
        if (wanted.startsWith("*.")) {
            return host.length() >= wanted.length() && host.endsWith(wanted.substring(1));
        }
        return wanted.equals(HostIndex.EVERY_HOST) || wanted.equals(host);
    }

    private Choice choose(Route route, RequestView request) {
        var asked = new ArrayList<AskedRule>();
        for (Rule rule : route.spec().rules()) {
            String failing = mismatch(rule.when(), request);
            asked.add(new AskedRule(rule.name(), failing));
            if (failing == null) {
                return choice(route, asked, DecisionReason.FORCED, rule.pool().name(), null);
            }
        }
        long weighted = route.split().weighted();
        if (Long.bitCount(weighted) == 1) {
            String only = variant(route, Long.numberOfTrailingZeros(weighted));
            return choice(route, asked, DecisionReason.ONLY, only, null);
        }
        SplitKey key = route.split().key();
        if (key == null) {
            return choice(route, asked, DecisionReason.WEIGHTED, null, null);
        }
        return chooseByKey(route, asked, key, request);
    }

    private Choice chooseByKey(Route route, List<AskedRule> asked, SplitKey key, RequestView request) {
        var reader = new KeyReader(key);
        var hash = new XxHash64();
        boolean found = reader.read(request, hash);
        if (!found && key.withoutKey() == SplitKey.WithoutKey.DRAW) {
            return choice(route, asked, DecisionReason.KEYLESS, null, null);
        }
        String value = found ? RequestText.key(request, key.source()) : mint.idOf(request, epochSeconds);
        if (!found) {
            reader.readKey(value, hash);
        }
        long hashed = hash.finish();
        var trace = new KeyTrace(
                key.source().toString(),
                value,
                !found,
                key.salt(),
                HexFormat.of().toHexDigits(hashed),
                route.keyedPick() instanceof KeyedPick.Threshold ? unsignedFraction(hashed) : null);
        String variant =
                variant(route, route.keyedPick().pick(hashed, route.split().weighted()));
        return choice(route, asked, DecisionReason.KEYED, variant, trace);
    }

    private static Choice choice(
            Route route, List<AskedRule> asked, DecisionReason reason, @Nullable String pool, @Nullable KeyTrace key) {
        Split split = route.split();
        double total = split.totalWeight();
        List<VariantShare> shares = split.variants().stream()
                .map(variant -> new VariantShare(variant.name(), variant.weight(), variant.weight() / total))
                .toList();
        return new Choice(route.name(), asked, reason, pool, shares, key);
    }

    private static String variant(Route route, int place) {
        return route.split().variants().get(place).name();
    }

    private static double unsignedFraction(long hash) {
        double half = hash >>> 1;
        return (half * 2 + (hash & 1)) / TWO_TO_THE_64;
    }
}
