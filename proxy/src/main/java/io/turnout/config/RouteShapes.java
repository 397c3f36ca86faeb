package io.turnout.config;

import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;
import static io.turnout.config.shape.Scalars.percent;

import io.turnout.config.shape.Key;
import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.Values;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which requests, and where they go. */
final class RouteShapes {
    static final RecordShape<RouteConfig> ROUTE = route();

    private RouteShapes() {}

    private static RecordShape<RouteConfig> route() {
        RecordShape.Draft<RouteConfig> r = RecordShape.draft("route", "Which requests, and where they go.");
        var name = r.key("name", NameShape.defining("route"), RouteConfig::name)
                .doc("Its name in API, metrics and journal. Run-time decisions are kept under it.");
        var match = r.key("match", MatchShapes.REQUEST, RouteConfig::match)
                .byDefaultNone()
                .doc("Which requests. Absent: all. Of several routes that match, the most exact takes the request.");
        var rules = r.key("rules", ListShape.of(rule()).distinctBy("name", RouteConfig.Rule::name), RouteConfig::rules)
                .byDefaultList()
                .doc("Tried in their order before the split; the first that holds forces its pool.");
        var split = r.key("split", SplitShapes.SPLIT, RouteConfig::split).doc("How the rest is shared out.");
        var mirror = r.key("mirror", ListShape.of(MirrorShapes.MIRROR).orOne(), RouteConfig::mirrors)
                .byDefaultList()
                .doc("Copies that are sent aside.");
        var guard = r.key("guard", GuardShapes.GUARD, RouteConfig::guard)
                .optional()
                .doc("By what variants are judged. Absent: nothing is judged or reverted.");
        var rollout = r.key("rollout", RolloutShapes.ROLLOUT, RouteConfig::rollout)
                .optional()
                .doc("The way of a canary. Absent: weights move by hand only.");
        var retry = r.key("retry", retry(), RouteConfig::retry)
                .byDefaultNone()
                .doc("Further attempts where the first cannot have been acted upon.");
        var timeout = r.key("timeout", duration("1ms", "1d"), RouteConfig::timeout)
                .optional()
                .doc("For a whole exchange with all its attempts. Absent: none.");
        var headers = r.key("headers", HeadShapes.HEADERS, RouteConfig::headers)
                .byDefaultNone()
                .doc("Changes of the heads.");
        var rewrite = r.key("rewrite", HeadShapes.REWRITE, RouteConfig::rewrite)
                .byDefaultNone()
                .doc("Changes of path and host.");
        var smoke = r.key(
                        "smoke",
                        ListShape.of(SmokeShapes.SMOKE).distinctBy("name", SmokeTest::name),
                        RouteConfig::smoke)
                .byDefaultList()
                .doc("Asked of a pool before all traffic is switched to it.");
        r.check(new SplitMembers(split, mirror, guard, rollout));
        r.check(new PrefixRewrites(match, rewrite, split));
        return r.makes(v -> new RouteConfig(
                v.of(name),
                v.of(match),
                v.of(rules),
                v.of(split).orSalt(v.of(name)),
                v.of(mirror).stream()
                        .map(m -> m.orSalt(v.of(name) + "/" + m.pool()))
                        .toList(),
                v.orNull(guard),
                v.orNull(rollout),
                v.of(retry),
                v.orNull(timeout),
                v.of(headers),
                v.of(rewrite),
                v.of(smoke)));
    }

    private static RecordShape<RouteConfig.Rule> rule() {
        RecordShape.Draft<RouteConfig.Rule> r =
                RecordShape.draft("rule", "Sends what matches to one pool, whatever the weights.");
        var name = r.key("name", NameShape.defining("rule"), RouteConfig.Rule::name)
                .doc("Its name in logs and explanations, distinct within the route.");
        var when = r.key("when", MatchShapes.REQUEST, RouteConfig.Rule::when).doc("Which requests.");
        var pool = r.key("pool", NameShape.referringTo(SplitShapes.POOL), RouteConfig.Rule::pool)
                .doc("Where they go; in the split or not.");
        return r.makes(v -> new RouteConfig.Rule(v.of(name), v.of(when), v.of(pool)));
    }

    private static RecordShape<RouteConfig.Retry> retry() {
        RecordShape.Draft<RouteConfig.Retry> r =
                RecordShape.draft("retry", "Further attempts, made only where the first cannot have been acted upon.");
        var attempts = r.key("attempts", integer(0, 10), RouteConfig.Retry::attempts)
                .byDefault("1")
                .doc("How many beyond the first. 0: none.");
        var budget = r.key("budget", percent("0%", "100%"), RouteConfig.Retry::budgetPpm)
                .byDefault("20%")
                .doc(
                        "Share of a pool's requests of about the last ten seconds that may be made again, so that a failing pool is not asked twice as much. Ten are allowed in any case.");
        return r.makes(v -> new RouteConfig.Retry(v.of(attempts), v.of(budget)));
    }

    /** Who must be in the split, and who must not. */
    private record SplitMembers(
            Key<RouteConfig, SplitConfig> split,
            Key<RouteConfig, List<MirrorConfig>> mirror,
            Key<RouteConfig, GuardConfig> guard,
            Key<RouteConfig, RolloutConfig> rollout)
            implements RecordShape.Check<RouteConfig> {

        @Override
        public void check(Values<RouteConfig> values, Reading reading) {
            if (values.isWritten(rollout) && !values.isWritten(guard)) {
                reading.error(
                        values.at(rollout), "a rollout without a guard", "guard: with the stable pool to go back to");
            }
            RolloutConfig way = values.orNull(rollout);
            GuardConfig judge = values.orNull(guard);
            if (way != null && judge != null && way.canary().equals(judge.stable())) {
                Located at = values.at(rollout).nearest("canary");
                reading.error(at, "the guard's stable pool", "another pool of the split");
            }
            SplitConfig shared = values.orNull(split);
            if (shared != null) {
                checkMembers(values, shared.weights(), reading);
            }
        }

        private void checkMembers(Values<RouteConfig> values, Map<String, Integer> weights, Reading reading) {
            GuardConfig judge = values.orNull(guard);
            if (judge != null) {
                SplitShapes.mustBeIn(weights, judge.stable(), values.at(guard).nearest("stable"), reading);
            }
            RolloutConfig way = values.orNull(rollout);
            if (way != null) {
                SplitShapes.mustBeIn(weights, way.canary(), values.at(rollout).nearest("canary"), reading);
            }
            List<MirrorConfig> mirrors = values.orNull(mirror);
            if (mirrors != null) {
                checkMirrors(mirrors, values.at(mirror), weights, reading);
            }
            if (way != null && way.mirror() != null && mirrors != null) {
                mustBeCompared(way.mirror().pool(), mirrors, values.at(rollout).nearest("mirror"), reading);
            }
            if (judge != null && judge.differences() != null) {
                Located at = values.at(guard).nearest("differences");
                String variant = judge.differences().variant();
                SplitShapes.mustBeIn(weights, variant, at.nearest("variant"), reading);
                if (variant.equals(judge.stable())) {
                    reading.error(at.nearest("variant"), "the guard's stable pool", "another pool of the split");
                }
                if (mirrors != null) {
                    mustBeCompared(judge.differences().pool(), mirrors, at, reading);
                }
            }
        }

        private static void mustBeCompared(String pool, List<MirrorConfig> mirrors, Located at, Reading reading) {
            if (mirrors.stream().noneMatch(one -> one.pool().equals(pool) && one.compare() != null)) {
                reading.error(
                        at.nearest("pool"),
                        "no mirror of the route to \"" + pool + "\" with a compare",
                        "the pool of a mirror whose answers are compared");
            }
        }

        private static void checkMirrors(
                List<MirrorConfig> mirrors, Located place, Map<String, Integer> weights, Reading reading) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < mirrors.size(); i++) {
                MirrorConfig one = mirrors.get(i);
                Located at =
                        place instanceof Located.Items items ? items.items().get(i) : place;
                if (weights.containsKey(one.pool())) {
                    reading.error(
                            at.nearest("pool"), "a pool of the split", "a pool that gets no traffic of the route");
                }
                if (!seen.add(one.pool())) {
                    reading.error(
                            at.nearest("pool"), "a second mirror to \"" + one.pool() + "\"", "one mirror to each pool");
                }
                if (one.key() != null && one.key().generate()) {
                    reading.error(at.nearest("key"), "generate", "a key that requests bring themselves");
                }
                if (one.compare() != null && one.pool().equals(one.compare().control())) {
                    reading.error(
                            at.nearest("compare").nearest("control"),
                            "the mirror's own pool",
                            "a pool with the version that answers clients");
                }
            }
        }
    }

    /** There is a prefix to put another in the place of only where a prefix is matched. */
    private record PrefixRewrites(
            Key<RouteConfig, RequestMatch> match,
            Key<RouteConfig, RewriteConfig> rewrite,
            Key<RouteConfig, SplitConfig> split)
            implements RecordShape.Check<RouteConfig> {

        @Override
        public void check(Values<RouteConfig> values, Reading reading) {
            RequestMatch condition = values.orNull(match);
            if (condition == null || condition.path() == null || condition.path() instanceof PathMatch.Prefix) {
                return;
            }
            RewriteConfig ofRoute = values.orNull(rewrite);
            if (ofRoute != null && ofRoute.prefix() != null) {
                report(values.at(rewrite), reading);
            }
            SplitConfig shared = values.orNull(split);
            if (shared != null) {
                shared.variants().forEach((pool, variant) -> {
                    if (variant.rewrite().prefix() != null) {
                        report(
                                values.at(split)
                                        .nearest("variants")
                                        .nearest(pool)
                                        .nearest("rewrite"),
                                reading);
                    }
                });
            }
        }

        private static void report(Located rewrite, Reading reading) {
            reading.error(
                    rewrite.nearest("prefix"), "a prefix although the route matches no prefix", "match.path.prefix");
        }
    }
}
