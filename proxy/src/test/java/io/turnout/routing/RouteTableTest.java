package io.turnout.routing;

import static io.turnout.routing.Samples.cookie;
import static io.turnout.routing.Samples.exact;
import static io.turnout.routing.Samples.fields;
import static io.turnout.routing.Samples.get;
import static io.turnout.routing.Samples.header;
import static io.turnout.routing.Samples.methods;
import static io.turnout.routing.Samples.path;
import static io.turnout.routing.Samples.prefix;
import static io.turnout.routing.Samples.query;
import static io.turnout.routing.Samples.regex;
import static io.turnout.routing.Samples.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    @ParameterizedTest
    @CsvSource({
        "shop.example.com, exact",
        "SHOP.example.com, exact",
        "x.shop.example.com, long",
        "x.y.shop.example.com, long",
        "api.example.com, short",
        "example.com, any",
        ".example.com, any",
        "xexample.com, any",
        "'', any"
    })
    void prefersTheExactHostThenTheLongestWildcardThenAny(String host, String expected) {
        RouteTable table = table(
                route("any", List.of(), Conditions.NONE),
                route("short", List.of("*.example.com"), Conditions.NONE),
                route("long", List.of("*.shop.example.com"), Conditions.NONE),
                route("exact", List.of("Shop.Example.com", "other.example.com"), Conditions.NONE));

        assertThat(matched(table, get(host, "/"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/shop, exact",
        "/shop/, prefix",
        "/shop/x, prefix",
        "/shop/cart, long",
        "/shop/cart/1, long",
        "/shopping, regex",
        "/shop7, regex",
        "/other, any",
        "/, any",
        "*, any"
    })
    void prefersTheExactPathThenTheLongestPrefixThenRegexThenAny(String target, String expected) {
        RouteTable table = table(
                route("any", path(PathMatch.ANY)),
                route("regex", path(regex("/shop[a-z0-9]+"))),
                route("prefix", path(prefix("/shop/"))),
                route("long", path(prefix("/shop/cart"))),
                route("exact", path(exact("/shop"))));

        assertThat(matched(table, get("h", target))).isEqualTo(expected);
    }

    @Test
    void matchesEveryPathByTheRootPrefixAndRanksItAboveRegex() {
        RouteTable table = table(route("regex", path(regex("/.*"))), route("root", path(prefix("/"))));

        assertThat(matched(table, get("h", "/x"))).isEqualTo("root");
        assertThat(matched(table, get("h", "*"))).isEqualTo("root");
    }

    @Test
    void matchesARegexAsAWholeAndInFileOrder() {
        RouteTable table = table(route("first", path(regex("/a.*"))), route("second", path(regex("/a.*|/b"))));

        assertThat(matched(table, get("h", "/ab"))).isEqualTo("first");
        assertThat(matched(table, get("h", "/b"))).isEqualTo("second");
        assertThat(matched(table, get("h", "/bc"))).isNull();
    }

    @Test
    void ranksRoutesWithTheSameRegexByTheirFields() {
        RouteTable table = table(
                route("bare", path(regex("/a.*"))),
                route("get", new Conditions(regex("/a.*"), List.of("GET"), List.of())));

        assertThat(matched(table, get("h", "/a"))).isEqualTo("get");
    }

    @Test
    void prefersAMethodThenMoreHeadersThenMoreQueryMatchesThenFileOrder() {
        RouteTable table = table(
                route("plain", Conditions.NONE),
                route("plain again", Conditions.NONE),
                route("query", fields(query("q", "1"), query("r", "1"))),
                route("header", fields(header("X-A", "1"))),
                route("header and cookie", fields(header("X-A", "1"), cookie("c", "1"))),
                route("method", methods("PUT", "GET")));

        DescribedRequest post = DescribedRequest.of("POST", "h", "/");
        assertThat(matched(table, post)).isEqualTo("plain");
        assertThat(matched(table, DescribedRequest.of("POST", "h", "/?q=1&r=1")))
                .isEqualTo("query");
        assertThat(matched(table, DescribedRequest.of("POST", "h", "/?q=1&r=1").with("x-a", "1")))
                .isEqualTo("header");
        assertThat(matched(table, post.with("x-a", "1").with("Cookie", "c=1"))).isEqualTo("header and cookie");
        assertThat(matched(table, get("h", "/?q=1&r=1").with("x-a", "1"))).isEqualTo("method");
    }

    @Test
    void fallsBackToLessSpecificHostsAndPathsWhenTheRestDoesNotMatch() {
        RouteTable table = table(
                route("any", Conditions.NONE),
                route("wild", List.of("*.example.com"), path(prefix("/a"))),
                route("exact", List.of("x.example.com"), new Conditions(exact("/a/b"), List.of("PUT"), List.of())),
                route("exact prefix", List.of("x.example.com"), path(prefix("/b"))));

        assertThat(matched(table, DescribedRequest.of("PUT", "x.example.com", "/a/b")))
                .isEqualTo("exact");
        assertThat(matched(table, get("x.example.com", "/a/b"))).isEqualTo("wild");
        assertThat(matched(table, get("x.example.com", "/c"))).isEqualTo("any");
    }

    @Test
    void findsNothingWhenNoRouteMatches() {
        assertThat(matched(table(route("r", List.of("a"), Conditions.NONE)), get("b", "/")))
                .isNull();
        assertThat(matched(table(), get("b", "/"))).isNull();
        assertThat(table().decide(get("b", "/"), Samples.draws())).isNull();
    }

    @Test
    void matchesCookiesNotSubstringsOfThem() {
        RouteTable table = table(route("r", fields(cookie("canary", "always"))));

        assertThat(matched(table, get("h", "/").with("cookie", "a=1; canary=always")))
                .isEqualTo("r");
        assertThat(matched(table, get("h", "/").with("cookie", "note=canary=always")))
                .isNull();
        assertThat(matched(table, get("h", "/").with("cookie", "canary=always2")))
                .isNull();
        assertThat(matched(table, get("h", "/"))).isNull();
    }

    @Test
    void matchesValuesByRegexAndByPresenceInEveryPlace() {
        for (FieldMatch.Place place :
                List.of(FieldMatch.Place.HEADER, FieldMatch.Place.COOKIE, FieldMatch.Place.QUERY)) {
            RouteTable table = table(
                    route("regex", fields(new FieldMatch(place, "v", ValueMatch.Regex.of("a b|c+")))),
                    route("present", fields(new FieldMatch(place, "v", new ValueMatch.Present()))));
            assertThat(matched(table, valued(place, "a b"))).isEqualTo("regex");
            assertThat(matched(table, valued(place, "ccc"))).isEqualTo("regex");
            assertThat(matched(table, valued(place, "xcccx"))).isEqualTo("present");
            assertThat(matched(table, valued(place, ""))).isEqualTo("present");
            assertThat(matched(table, get("h", "/"))).isNull();
        }
    }

    @Test
    void comparesTextBeyondAsciiByItsUtf8Octets() {
        RouteTable table = table(
                route("header", fields(header("x-name", "Zo\u00eb"))),
                route("query", fields(query("n\u00e4me", "Zo\u00eb"))),
                route("path", path(exact("/\u00e4"))));

        assertThat(matched(table, get("h", "/").with("X-Name", "Zo\u00eb"))).isEqualTo("header");
        assertThat(matched(table, get("h", "/?n%C3%A4me=Zo%c3%ab"))).isEqualTo("query");
        assertThat(matched(table, get("h", "/\u00e4"))).isEqualTo("path");
    }

    @Test
    void looksAtAPathOnceHoweverManyRoutesThereAre() {
        var specs = new ArrayList<RouteSpec>();
        for (int i = 0; i < 1_000; i++) {
            specs.add(route("exact" + i, List.of("h.example.com"), path(exact("/api/v1/item" + i))));
            specs.add(route("prefix" + i, List.of("h.example.com"), path(prefix("/api/v1/group" + i))));
            specs.add(route("host" + i, List.of("h" + i + ".example.com"), Conditions.NONE));
        }
        RouteTable large = RouteTable.of(specs);
        RouteTable small = RouteTable.of(specs.subList(1_500, 1_503));

        for (String target : List.of("/api/v1/item500", "/api/v1/group500/x", "/nothing/of/that/kind")) {
            var counted = new CountedRequest(get("h.example.com", target));
            large.match(counted);
            int inLarge = counted.reads();
            small.match(counted);
            assertThat(inLarge).isLessThanOrEqualTo(2 * (counted.reads() - inLarge));
        }
    }

    @Test
    void warnsOfATieThatOnlyFileOrderDecides() {
        RouteTable table = table(
                route("a", fields(header("x", "1"))),
                route("b", fields(header("y", "1"))),
                route("c", fields(header("x", "2"), header("y", "2"))),
                route("d", fields(header("x", "3"), cookie("y", "2"))));

        assertThat(table.conflicts()).containsExactly(new RouteConflict(RouteConflict.Kind.TIE, "a", "b", "*"));
        assertThat(table.conflicts().get(0).text()).contains("a and b are equally specific");
    }

    @Test
    void doesNotWarnOfRoutesThatNoRequestCanBothMatch() {
        RouteTable table = table(
                route("x1", fields(header("x", "1"))),
                route("x2", fields(header("X", "2"))),
                route("get", methods("GET")),
                route("put", methods("PUT", "POST")),
                route("host", List.of("h"), methods("GET")),
                route("path", new Conditions(prefix("/a"), List.of("GET"), List.of())),
                route("plain", Conditions.NONE));

        assertThat(table.conflicts()).isEmpty();
    }

    @Test
    void warnsOfARouteThatNeverGetsARequest() {
        RouteTable table = table(
                route("first", List.of("h"), Conditions.NONE),
                route("second", List.of("h", "other"), Conditions.NONE),
                route("many methods", List.of("m"), methods("GET", "PUT")),
                route("one method", List.of("m"), methods("GET")));

        assertThat(table.conflicts())
                .containsExactly(
                        new RouteConflict(RouteConflict.Kind.UNREACHABLE, "first", "second", "h"),
                        new RouteConflict(RouteConflict.Kind.UNREACHABLE, "many methods", "one method", "m"));
        assertThat(table.conflicts().get(0).text()).contains("second never gets a request for host h");
    }

    @Test
    void warnsOfRegexAndPathlessRoutesBehindARootPrefix() {
        RouteTable table = table(
                route("regex", path(regex("/a.*"))),
                route("root", path(prefix("/"))),
                route("pathless", Conditions.NONE),
                route("pathless put", methods("PUT")));

        assertThat(table.conflicts())
                .extracting(RouteConflict::loser)
                .containsExactlyInAnyOrder("regex", "pathless", "pathless put");
    }

    @Test
    void refusesNamesUsedTwice() {
        assertThatThrownBy(() -> table(route("a", Conditions.NONE), route("a", methods("GET"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("route a");
        Split shared = Samples.split("p", 1);
        assertThatThrownBy(() -> table(RouteSpec.catchAll("a", shared), RouteSpec.catchAll("b", shared)))
                .hasMessageContaining("split s");
    }

    @ParameterizedTest
    @CsvSource({"''", "*.", "*.*.com", "a.*.com", "**", "*com", ".a"})
    void refusesHostsThatNoRequestCouldHave(String host) {
        assertThatThrownBy(() -> route("r", List.of(host), Conditions.NONE)).hasMessageContaining("expected a name");
    }

    @Test
    void refusesPathsThatDoNotBeginWithASlash() {
        assertThatThrownBy(() -> exact("shop")).hasMessageContaining("\"shop\"");
        assertThatThrownBy(() -> prefix("")).hasMessageContaining("starts with /");
    }

    private static DescribedRequest valued(FieldMatch.Place place, String value) {
        return switch (place) {
            case HEADER -> get("h", "/").with("v", value);
            case COOKIE -> get("h", "/").with("cookie", "v=" + value);
            case QUERY -> get("h", "/?v=" + value.replace(" ", "%20"));
            case CERTIFICATE -> throw new AssertionError("a described request shows no certificate");
        };
    }

    private static RouteTable table(RouteSpec... specs) {
        return RouteTable.of(List.of(specs));
    }

    private static @Nullable String matched(RouteTable table, RequestView request) {
        Route route = table.match(request);
        return route == null ? null : route.name();
    }
}
