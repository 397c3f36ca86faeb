package io.turnout.config;

import static io.turnout.config.shape.Scalars.bool;
import static io.turnout.config.shape.Scalars.choice;
import static io.turnout.config.shape.Scalars.integer;
import static io.turnout.config.shape.Scalars.mark;
import static io.turnout.config.shape.Scalars.text;

import io.turnout.config.KeyConfig.Source;
import io.turnout.config.SplitConfig.OnEmpty;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.MapShape;
import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.ScalarOr;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.Shape;
import io.turnout.config.shape.ShortForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How requests are shared out. */
final class SplitShapes {
    /** Kind of the names that pools are referred to by. */
    static final String POOL = "pool";

    static final RecordShape<KeyConfig> KEY = key();
    static final Shape<SplitConfig> SPLIT = ShortForm.ofMap(split(), "weights");

    private SplitShapes() {}

    private static RecordShape<KeyConfig> key() {
        RecordShape.Draft<KeyConfig> r = RecordShape.draft(
                "key",
                "What of a request is hashed, so that the same user stays on the same side. Exactly one of `cookie`,"
                        + " `header`, `query` and `clientAddress`.");
        var cookie = r.key("cookie", TextShapes.TOKEN_TEXT, k -> nameOf(k, Source.COOKIE))
                .optional()
                .doc("Name of a cookie.");
        var header = r.key("header", TextShapes.FIELD_NAME, k -> nameOf(k, Source.HEADER))
                .optional()
                .doc("Name of a header.");
        var query =
                r.key("query", text(), k -> nameOf(k, Source.QUERY)).optional().doc("Name of a query parameter.");
        var clientAddress = r.key("clientAddress", mark(), k -> k.source() == Source.CLIENT_ADDRESS ? true : null)
                .optional()
                .doc("The client's address behind trusted proxies; of IPv6 the first 64 bits.");
        var generate = r.key("generate", bool(), KeyConfig::generate)
                .byDefault("false")
                .doc("Whether a visitor without the cookie is given one. Only with `cookie`.");
        var salt = r.key("salt", text(), KeyConfig::salt)
                .optional()
                .doc("Put before the key. Absent: the route's name, so that two routes do not pick the same users."
                        + " Changing it gives every user a new side.");
        r.exactlyOneOf(List.of(cookie, header, query, clientAddress));
        r.check((v, reading) -> {
            if (Boolean.TRUE.equals(v.orNull(generate)) && !v.isWritten(cookie)) {
                reading.error(v.at(generate), "generate without cookie", "cookie: with the name of the cookie to set");
            }
        });
        return r.makes(v -> {
            String given = v.orNull(salt) == null ? "" : v.of(salt);
            if (v.isWritten(clientAddress)) {
                return new KeyConfig(Source.CLIENT_ADDRESS, "", false, given);
            }
            if (v.isWritten(cookie)) {
                return new KeyConfig(Source.COOKIE, v.of(cookie), v.of(generate), given);
            }
            return v.isWritten(header)
                    ? new KeyConfig(Source.HEADER, v.of(header), false, given)
                    : new KeyConfig(Source.QUERY, v.of(query), false, given);
        });
    }

    private static @Nullable String nameOf(KeyConfig key, Source source) {
        return key.source() == source ? key.name() : null;
    }

    private static RecordShape<SplitConfig> split() {
        RecordShape.Draft<SplitConfig> r = RecordShape.draft(
                "split", "How requests are shared out between pools. May be just its mapping of weights.");
        var weights = r.key(
                        "weights",
                        MapShape.of(NameShape.referringTo(POOL), integer(0, SplitConfig.MAX_WEIGHT))
                                .notEmpty(),
                        SplitConfig::weights)
                .doc("Pools and their weights. A pool's share is its weight by the sum, which must be more than 0."
                        + " A weight of 0 gets nothing and keeps its place.");
        var key = r.key("key", KEY, SplitConfig::key)
                .optional()
                .doc("Keeps a user on one side. Absent: each request is drawn by itself.");
        var onEmpty = r.key("onEmpty", onEmpty(), SplitConfig::onEmpty)
                .byDefault("redistribute")
                .doc("What becomes of a request whose pool has no usable endpoint: it goes to the other pools by their"
                        + " weights, fails with 503, or goes to a pool of its own.");
        var onConflict = r.key("onConflict", choice(SplitConfig.OnConflict.class), SplitConfig::onConflict)
                .byDefault("file")
                .doc("Who wins when the file changes this split while an override is in force.");
        var onSwitch = r.key("onSwitch", choice(SplitConfig.OnSwitch.class), SplitConfig::onSwitch)
                .byDefault("keep")
                .doc(
                        "What becomes of tunnels and of requests under way on a pool whose weight falls to 0: they stay until"
                                + " they end by themselves, or their clients are asked to leave the connection and come back"
                                + " to the other side.");
        var variants = r.key("variants", MapShape.of(NameShape.referringTo(POOL), variant()), SplitConfig::variants)
                .byDefaultNone()
                .doc("Extras of single pools of the split.");
        r.check((v, reading) -> {
            Map<String, Integer> shares = v.orNull(weights);
            if (shares != null && shares.values().stream().allMatch(w -> w == 0)) {
                reading.error(v.at(weights), "weights that sum to 0", "at least one weight above 0");
            }
            Map<String, SplitConfig.Variant> extras = v.orNull(variants);
            if (shares != null && extras != null) {
                extras.keySet()
                        .forEach(pool -> mustBeIn(shares, pool, v.at(variants).nearest(pool), reading));
            }
        });
        return r.makes(v -> new SplitConfig(
                v.of(weights), v.orNull(key), v.of(onEmpty), v.of(onConflict), v.of(onSwitch), v.of(variants)));
    }

    /** Reports a pool that is not a variant of the split; one that is no pool at all is reported as that. */
    static void mustBeIn(Map<String, Integer> weights, String pool, Located at, Reading reading) {
        if (!weights.containsKey(pool) && reading.isDefined(POOL, pool)) {
            reading.error(
                    at,
                    "the pool \"" + pool + "\", which is not in the split",
                    "one of " + String.join(", ", weights.keySet()),
                    reading.nearest(pool, weights.keySet()));
        }
    }

    private static RecordShape<SplitConfig.Variant> variant() {
        RecordShape.Draft<SplitConfig.Variant> r = RecordShape.draft(
                "variant", "What only the requests of one variant get, after the route's own changes.");
        var headers = r.key("headers", HeadShapes.HEADERS, SplitConfig.Variant::headers)
                .byDefaultNone()
                .doc("Changes of the heads.");
        var rewrite = r.key("rewrite", HeadShapes.REWRITE, SplitConfig.Variant::rewrite)
                .byDefaultNone()
                .doc("Changes of path and host, in the place of the route's.");
        return r.makes(v -> new SplitConfig.Variant(v.of(headers), v.of(rewrite)));
    }

    private static Shape<OnEmpty> onEmpty() {
        var words = new LinkedHashMap<String, OnEmpty>();
        words.put("redistribute", new OnEmpty.Redistribute());
        words.put("fail", new OnEmpty.Fail());
        RecordShape.Draft<OnEmpty> r = RecordShape.draft("onEmpty", "The pool that takes requests of an empty one.");
        var pool = r.key("pool", NameShape.referringTo(POOL), o -> o instanceof OnEmpty.To to ? to.pool() : null)
                .doc("Any pool, in the split or not.");
        Shape<OnEmpty> mapping = r.makes(v -> new OnEmpty.To(v.of(pool)));
        return new ScalarOr<>(ScalarShape.choice(words), mapping, o -> !(o instanceof OnEmpty.To));
    }
}
