package io.turnout.routing;

import static io.turnout.routing.Samples.byCookie;
import static io.turnout.routing.Samples.draws;
import static io.turnout.routing.Samples.fields;
import static io.turnout.routing.Samples.get;
import static io.turnout.routing.Samples.header;
import static io.turnout.routing.Samples.pool;
import static io.turnout.routing.Samples.variants;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.DecisionReason;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RouteDecisionTest {
    private static final UsablePools ALL = pool -> true;
    private static final SplitKey MINTED = new SplitKey(new KeySource.Cookie("uid"), "s", SplitKey.WithoutKey.MINT);

    @Test
    void asksRulesInOrderBeforeKeysAndWeights() {
        RouteTable table = table(
                split(byCookie("uid"), "blue", 50, "green", 50),
                rule("first", "x", "green"),
                rule("second", "y", "lab"));
        DescribedRequest request = get("h", "/").with("cookie", "uid=1");

        Decision both = decide(table, request.with("x", "1").with("y", "1"));
        assertThat(both.pool().name()).isEqualTo("green");
        assertThat(both.reason()).isEqualTo(DecisionReason.FORCED);
        assertThat(both.rule()).isEqualTo("first");
        assertThat(both.slot()).isEqualTo(1);

        Decision outside = decide(table, request.with("y", "1"));
        assertThat(outside.pool().name()).isEqualTo("lab");
        assertThat(outside.slot()).isEqualTo(2);
        assertThat(outside.route().targets()).extracting(PoolRef::name).containsExactly("blue", "green", "lab");

        assertThat(decide(table, request).reason()).isEqualTo(DecisionReason.KEYED);
    }

    @Test
    void looksAtThePathOfARuleToo() {
        var when = new Conditions(Samples.prefix("/beta"), List.of("GET"), List.of());
        RouteTable table = table(weighted("blue", 1, "green", 0), new Rule("beta", when, pool("green")));

        assertThat(decide(table, get("h", "/beta/x")).pool().name()).isEqualTo("green");
        assertThat(decide(table, get("h", "/betax")).pool().name()).isEqualTo("blue");
    }

    @Test
    void saysOnlyWhenOneVariantHasAllTheWeightWhateverTheKey() {
        RouteTable table = table(split(MINTED, "blue", 0, "green", 3));
        Draws draws = draws();
        Decision decision = Objects.requireNonNull(table.decide(get("h", "/"), draws));

        assertThat(decision.reason()).isEqualTo(DecisionReason.ONLY);
        assertThat(decision.pool().name()).isEqualTo("green");
        assertThat(draws.mintedVisitor())
                .as("nobody is tracked while nothing is split")
                .isNull();
    }

    @Test
    void drawsByWeightWithoutAKey() {
        RouteTable table = table(weighted("blue", 90, "green", 10));
        Draws draws = draws();
        int green = 0;
        for (int i = 0; i < 1_000; i++) {
            Decision decision = Objects.requireNonNull(table.decide(get("h", "/"), draws));
            assertThat(decision.reason()).isEqualTo(DecisionReason.WEIGHTED);
            green += decision.slot();
        }
        assertThat(green).isEqualTo(100);
    }

    @Test
    void drawsByWeightWhenTheKeyIsMissingOrEmpty() {
        RouteTable byCookie = table(split(byCookie("uid"), "blue", 50, "green", 50));
        RouteTable byQuery = table(split(key(new KeySource.Query("u")), "blue", 50, "green", 50));
        RouteTable byHeader = table(split(key(new KeySource.Header("U")), "blue", 50, "green", 50));
        RouteTable byAddress = table(split(key(new KeySource.ClientAddress()), "blue", 50, "green", 50));
        for (DescribedRequest request : List.of(
                get("h", "/"),
                get("h", "/?u").with("u", "").with("cookie", "uid=; a=b"),
                get("h", "/").with("cookie", "a=b"))) {
            for (RouteTable table : List.of(byCookie, byQuery, byHeader, byAddress)) {
                assertThat(decide(table, request).reason()).isEqualTo(DecisionReason.KEYLESS);
            }
        }
    }

    @Test
    void readsTheSameKeyFromEveryPlace() {
        DescribedRequest request =
                get("h", "/?a=1&u=%61lice+b").with("U", "alice b").with("cookie", "t=x; u=\"alice b\"");
        for (int weight = 1; weight < 100; weight += 7) {
            Object[] weights = {"blue", 100 - weight, "green", weight};
            int slot = decide(table(split(key(new KeySource.Header("u")), weights)), request)
                    .slot();
            assertThat(decide(table(split(key(new KeySource.Query("u")), weights)), request)
                            .slot())
                    .isEqualTo(slot);
            assertThat(decide(table(split(key(new KeySource.Cookie("u")), weights)), request)
                            .slot())
                    .isEqualTo(slot);
        }
    }

    @Test
    void keepsAnIpv6NetworkTogether() {
        RouteTable table = table(split(key(new KeySource.ClientAddress()), "blue", 50, "green", 50));
        Seeded.check(200, random -> {
            var address = new byte[16];
            random.nextBytes(address);
            Decision first = decide(table, get("h", "/").from(address));
            for (int i = 8; i < 16; i++) {
                address[i] = (byte) random.nextInt();
            }
            assertThat(decide(table, get("h", "/").from(address))).isSameAs(first);
            assertThat(first.reason()).isEqualTo(DecisionReason.KEYED);
        });
    }

    @Test
    void mintsOneVisitorForABurstAndKeepsItsSideOnceTheCookieIsSet() {
        RouteTable table = table(split(MINTED, "blue", 50, "green", 50));
        var sides = new int[2];
        for (int client = 0; client < 200; client++) {
            DescribedRequest first = get("h", "/").from((byte) 10, (byte) 0, (byte) 0, (byte) client);
            Draws oneLoop = new Draws(0, 2, Samples.MINT);
            Draws otherLoop = new Draws(1, 2, Samples.MINT);
            Decision page = Objects.requireNonNull(table.decide(first, oneLoop));
            Decision asset = Objects.requireNonNull(table.decide(first.with("accept", "text/css"), otherLoop));
            String visitor = Objects.requireNonNull(oneLoop.mintedVisitor());

            assertThat(asset).isSameAs(page);
            assertThat(otherLoop.mintedVisitor()).isEqualTo(visitor);
            assertThat(page.reason()).isEqualTo(DecisionReason.KEYED);
            assertThat(table.decide(first.with("cookie", "uid=" + visitor), oneLoop))
                    .isSameAs(page);
            assertThat(oneLoop.mintedVisitor())
                    .as("a visitor with a cookie needs none")
                    .isNull();
            sides[page.slot()]++;
        }
        assertThat(sides[0]).isBetween(70, 130);
    }

    @Test
    void sendsTheRequestsOfAnUnusableVariantToTheOthersByWeight() {
        RouteTable table = table(weighted("a", 60, "b", 30, "c", 10));
        Draws draws = draws();
        UsablePools withoutA = pool -> pool != pool("a").id();
        var slots = new int[3];
        for (int i = 0; i < 1_000; i++) {
            Decision meant = Objects.requireNonNull(table.decide(get("h", "/"), draws));
            if (meant.slot() == 0) {
                Decision other = Objects.requireNonNull(meant.route().redirect(meant, get("h", "/"), draws, withoutA));
                assertThat(other.reason()).isEqualTo(DecisionReason.REDIRECTED);
                assertThat(other.chargedSlot()).isZero();
                slots[other.slot()]++;
            }
        }
        assertThat(slots).containsExactly(0, 450, 150);
    }

    @Test
    void keepsUsersTogetherWhenTheirVariantIsUnusable() {
        RouteTable table = table(split(MINTED, "a", 40, "b", 30, "c", 30));
        UsablePools withoutA = pool -> pool != pool("a").id();
        for (int user = 0; user < 200; user++) {
            DescribedRequest request = get("h", "/").with("cookie", "uid=" + user);
            Draws draws = draws();
            Decision meant = Objects.requireNonNull(table.decide(request, draws));
            if (meant.slot() == 0) {
                Decision other = meant.route().redirect(meant, request, draws, withoutA);
                assertThat(meant.route().redirect(meant, request, draws(), withoutA))
                        .isSameAs(other)
                        .isNotNull();
            }
        }
        DescribedRequest visitor = get("h", "/").from((byte) 10, (byte) 0, (byte) 0, (byte) 1);
        Decision meant = decide(table, visitor);
        UsablePools others = pool -> pool != meant.pool().id();
        assertThat(meant.route().redirect(meant, visitor, draws(), others))
                .isSameAs(meant.route().redirect(meant, visitor, draws(), others))
                .isNotNull();
    }

    @Test
    void failsWhenNoOtherVariantHasWeightAndUsableEndpoints() {
        RouteTable table = table(weighted("blue", 0, "green", 100));
        Decision meant = decide(table, get("h", "/"));
        assertThat(meant.route()
                        .redirect(
                                meant,
                                get("h", "/"),
                                draws(),
                                pool -> pool == pool("blue").id()))
                .as("a variant at 0 % gets no stray request")
                .isNull();

        RouteTable both = table(weighted("blue", 50, "green", 50));
        Decision either = decide(both, get("h", "/"));
        assertThat(either.route().redirect(either, get("h", "/"), draws(), pool -> false))
                .isNull();
    }

    @Test
    void failsAtOnceWhenTheSplitSaysSo() {
        RouteTable table = table(emptied(new OnEmpty.Fail(), "blue", 50, "green", 50));
        Decision meant = decide(table, get("h", "/"));

        assertThat(meant.route().redirect(meant, get("h", "/"), draws(), ALL)).isNull();
    }

    @Test
    void sendsTheRequestToTheNamedPoolWhileThatIsUsable() {
        RouteTable table = table(emptied(new OnEmpty.Divert(pool("spare")), "blue", 50, "green", 50));
        Decision meant = decide(table, get("h", "/"));
        Decision diverted = Objects.requireNonNull(meant.route().redirect(meant, get("h", "/"), draws(), ALL));

        assertThat(diverted.pool().name()).isEqualTo("spare");
        assertThat(diverted.slot()).isEqualTo(2);
        assertThat(diverted.chargedSlot()).isEqualTo(meant.slot());
        assertThat(meant.route().redirect(meant, get("h", "/"), draws(), pool -> false))
                .isNull();
    }

    @Test
    void doesNotSendAForcedRequestElsewhere() {
        RouteTable table = table(weighted("blue", 50, "green", 50), rule("testers", "x", "green"));
        Decision forced = decide(table, get("h", "/").with("x", "1"));

        assertThat(forced.route().redirect(forced, get("h", "/").with("x", "1"), draws(), ALL))
                .isNull();
    }

    @Test
    void redirectsARequestOfAnOlderTableThanItsLoopFollows() {
        RouteTable older = table(weighted("blue", 50, "green", 50));
        Draws draws = draws();
        Decision meant = Objects.requireNonNull(older.decide(get("h", "/"), draws));
        draws.follow(table(weighted("blue", 10, "green", 90)));
        UsablePools others = pool -> pool != meant.pool().id();

        assertThat(Objects.requireNonNull(meant.route().redirect(meant, get("h", "/"), draws, others))
                        .slot())
                .isEqualTo(1 - meant.slot());
    }

    @Test
    void goesOnWithItsDrawsWhenTablesFollowEachOther() {
        Draws draws = draws();
        RouteTable table = table(weighted("blue", 99, "green", 1));
        int green = 0;
        for (int i = 0; i < 70_000; i++) {
            table = i % 7 == 0 ? table(weighted("blue", 99, "green", 1)) : table;
            green += Objects.requireNonNull(table.decide(get("h", "/"), draws)).slot();
        }
        assertThat(green).isEqualTo(700);
    }

    private static Decision decide(RouteTable table, RequestView request) {
        return Objects.requireNonNull(table.decide(request, draws()));
    }

    private static RouteTable table(Split split, Rule... rules) {
        return RouteTable.of(List.of(new RouteSpec("r", List.of(), Conditions.NONE, List.of(rules), split)));
    }

    private static Rule rule(String name, String header, String pool) {
        return new Rule(name, fields(header(header, "1")), pool(pool));
    }

    private static Split split(SplitKey key, Object... namesAndWeights) {
        return Samples.keyed(key, namesAndWeights);
    }

    private static Split weighted(Object... namesAndWeights) {
        return Samples.split(namesAndWeights);
    }

    private static Split emptied(OnEmpty onEmpty, Object... namesAndWeights) {
        List<Variant> variants = variants(namesAndWeights);
        return new Split("s", variants, variants.get(0).name(), null, onEmpty);
    }

    private static SplitKey key(KeySource source) {
        return new SplitKey(source, "s", SplitKey.WithoutKey.DRAW);
    }
}
