package io.turnout.routing;

import static io.turnout.routing.Samples.exact;
import static io.turnout.routing.Samples.fields;
import static io.turnout.routing.Samples.get;
import static io.turnout.routing.Samples.header;
import static io.turnout.routing.Samples.methods;
import static io.turnout.routing.Samples.path;
import static io.turnout.routing.Samples.pool;
import static io.turnout.routing.Samples.prefix;
import static io.turnout.routing.Samples.query;
import static io.turnout.routing.Samples.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turnout.model.DecisionReason;
import io.turnout.routing.Explanation.AskedRule;
import io.turnout.routing.Explanation.Choice;
import io.turnout.routing.Explanation.ConsideredRoute;
import io.turnout.routing.Explanation.Fate;
import io.turnout.routing.Explanation.KeyTrace;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    @Test
    void saysOfEveryRouteWhyItWasChosenOrNot() {
        RouteTable table = RouteTable.of(List.of(
                route("host", List.of("*.other.com"), Conditions.NONE),
                route("path", path(exact("/cart"))),
                route("method", methods("PUT", "POST")),
                route("header", fields(header("x-a", "1"))),
                route("query", fields(query("q", "1"))),
                route("catch-all", Conditions.NONE),
                route("shop", path(prefix("/shop")))));

        assertThat(table.explain(get("h", "/shop/1?q=2"), Samples.MINT, 0).routes())
                .containsExactly(
                        new ConsideredRoute("host", Fate.NO_MATCH, "host is \"h\", wanted *.other.com"),
                        new ConsideredRoute("path", Fate.NO_MATCH, "path is /shop/1, wanted path /cart"),
                        new ConsideredRoute("method", Fate.NO_MATCH, "method is GET, wanted PUT or POST"),
                        new ConsideredRoute("header", Fate.NO_MATCH, "header x-a is missing, wanted \"1\""),
                        new ConsideredRoute("query", Fate.NO_MATCH, "query parameter q is \"2\", wanted \"1\""),
                        new ConsideredRoute("catch-all", Fate.OUTRANKED, "matches, but route shop takes precedence"),
                        new ConsideredRoute("shop", Fate.CHOSEN, "matches, and no other match is more specific"));
    }

    @Test
    void hasNoChoiceWhenNothingMatches() {
        RouteTable table = RouteTable.of(List.of(route("r", List.of("a"), Conditions.NONE)));
        assertThat(table.explain(get("b", "/"), Samples.MINT, 0).choice()).isNull();
    }

    @Test
    void tellsWhichRulesWereAskedAndWhichForced() {
        Split split = Samples.split("blue", 50, "green", 50);
        var rules = List.of(
                new Rule("one", fields(header("x", "1")), pool("green")),
                new Rule("two", fields(header("y", "1")), pool("lab")),
                new Rule("three", Conditions.NONE, pool("blue")));
        RouteTable table = RouteTable.of(List.of(new RouteSpec("r", List.of(), Conditions.NONE, rules, split)));
        Choice choice = choice(table, get("h", "/").with("y", "1"));

        assertThat(choice.rules())
                .containsExactly(new AskedRule("one", "header x is missing, wanted \"1\""), new AskedRule("two", null));
        assertThat(choice.reason()).isEqualTo(DecisionReason.FORCED);
        assertThat(choice.pool()).isEqualTo("lab");
    }

    @Test
    void tracesAKeyFromItsValueToItsSide() {
        RouteTable table = keyed(SplitKey.WithoutKey.DRAW, "blue", 90, "green", 10);
        Choice choice = choice(table, get("h", "/").with("cookie", "uid=dave"));
        KeyTrace key = Objects.requireNonNull(choice.key());

        assertThat(choice.reason()).isEqualTo(DecisionReason.KEYED);
        assertThat(choice.pool()).isEqualTo("green");
        assertThat(choice.shares()).extracting(Explanation.VariantShare::share).containsExactly(0.9, 0.1);
        assertThat(key.source()).isEqualTo("cookie uid");
        assertThat(key.value()).isEqualTo("dave");
        assertThat(key.hash()).isEqualTo("0fc55fd4430f080e");
        assertThat(Objects.requireNonNull(key.canaryBeginsAt())).isCloseTo(0.06160544, within(1e-8));
        assertThat(key.minted()).isFalse();
    }

    @Test
    void namesTheVisitorThatWouldBeMinted() {
        RouteTable table = keyed(SplitKey.WithoutKey.MINT, "blue", 50, "green", 50);
        DescribedRequest request = get("h", "/").from((byte) 10, (byte) 0, (byte) 0, (byte) 9);
        Draws draws = Samples.draws();
        Decision decision = Objects.requireNonNull(table.decide(request, draws));
        Choice choice = choice(table, request);
        KeyTrace key = Objects.requireNonNull(choice.key());

        assertThat(key.minted()).isTrue();
        assertThat(key.value()).isEqualTo(draws.mintedVisitor());
        assertThat(choice.pool()).isEqualTo(decision.pool().name());
    }

    @Test
    void doesNotPredictADrawAndTakesNoPartInIt() {
        RouteTable table = RouteTable.of(List.of(RouteSpec.catchAll("r", Samples.split("blue", 1, "green", 1))));
        Choice choice = choice(table, get("h", "/"));

        assertThat(choice.reason()).isEqualTo(DecisionReason.WEIGHTED);
        assertThat(choice.pool()).isNull();
        assertThat(choice(keyed(SplitKey.WithoutKey.DRAW, "a", 1, "b", 1), get("h", "/"))
                        .reason())
                .isEqualTo(DecisionReason.KEYLESS);
        Choice only = choice(keyed(SplitKey.WithoutKey.DRAW, "a", 1, "b", 0), get("h", "/"));
        assertThat(only.reason()).isEqualTo(DecisionReason.ONLY);
        assertThat(only.pool()).isEqualTo("a");
    }

    @Test
    void showsTheKeyOfEverySourceAsPeopleWriteIt() {
        DescribedRequest request =
                get("h", "/?u=Zo%C3%AB").with("u", "Zo\u00eb").with("cookie", "u=Zo\u00eb");
        for (KeySource source :
                List.of(new KeySource.Query("u"), new KeySource.Header("U"), new KeySource.Cookie("u"))) {
            assertThat(keyText(source, request)).isEqualTo("Zo\u00eb");
        }
        var address = new KeySource.ClientAddress();
        assertThat(keyText(address, request.from((byte) 192, (byte) 0, (byte) 2, (byte) 7)))
                .isEqualTo("192.0.2.7");
        var ipv6 = new byte[16];
        ipv6[0] = 0x20;
        assertThat(keyText(address, request.from(ipv6))).isEqualTo("2000000000000000/64");
    }

    private static String keyText(KeySource source, RequestView request) {
        var key = new SplitKey(source, "s", SplitKey.WithoutKey.DRAW);
        RouteTable table = RouteTable.of(List.of(RouteSpec.catchAll("r", Samples.keyed(key, "a", 1, "b", 1))));
        return Objects.requireNonNull(choice(table, request).key()).value();
    }

    private static RouteTable keyed(SplitKey.WithoutKey withoutKey, Object... namesAndWeights) {
        var key = new SplitKey(new KeySource.Cookie("uid"), "shop", withoutKey);
        return RouteTable.of(List.of(RouteSpec.catchAll("r", Samples.keyed(key, namesAndWeights))));
    }

    private static Choice choice(RouteTable table, RequestView request) {
        return Objects.requireNonNull(table.explain(request, Samples.MINT, 0).choice());
    }
}
