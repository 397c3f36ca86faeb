package io.turnout.routing;

import static io.turnout.routing.Samples.cookie;
import static io.turnout.routing.Samples.get;
import static io.turnout.routing.Samples.header;
import static io.turnout.routing.Samples.pool;
import static io.turnout.routing.Samples.prefix;
import static io.turnout.routing.Samples.query;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Deciding allocates nothing: not for matching, not for any key, not for a redirect. */
class DecisionAllocationTest {
    private static final int DECISIONS = 100_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Draws draws = Samples.draws();
    private final DescribedRequest request = get("shop.example.com", "/shop/cart/7?a=1&u=%61lice")
            .with("cookie", "theme=dark; uid=b6c0f0d2-2f3b-4a57-9a5e-8e5f3a0f7c11")
            .with("u", "alice")
            .from((byte) 192, (byte) 0, (byte) 2, (byte) 7);

    @Test
    void allocatesNothingForUnkeyedDraws() {
        assertNothingAllocated(table(Samples.split("blue", 95, "green", 5)));
        assertNothingAllocated(table(Samples.split("a", 70, "b", 20, "c", 10)));
        assertNothingAllocated(table(Samples.split("blue", 1)));
    }

    @Test
    void allocatesNothingForKeysOfEverySource() {
        for (KeySource source : List.of(
                new KeySource.Cookie("uid"),
                new KeySource.Header("u"),
                new KeySource.Query("u"),
                new KeySource.ClientAddress(),
                new KeySource.Cookie("missing"))) {
            var key = new SplitKey(source, "s", SplitKey.WithoutKey.DRAW);
            assertNothingAllocated(table(Samples.keyed(key, "blue", 50, "green", 50)));
            assertNothingAllocated(table(Samples.keyed(key, "a", 50, "b", 40, "c", 10)));
        }
    }

    @Test
    void allocatesNothingForARedirect() {
        RouteTable table = table(Samples.split("a", 70, "b", 20, "c", 10));
        Decision meant = Objects.requireNonNull(table.decide(request, draws));
        UsablePools usable = pool -> pool != meant.pool().id();
        assertNothingAllocated(() -> Objects.requireNonNull(meant.route().redirect(meant, request, draws, usable)));
    }

    private void assertNothingAllocated(RouteTable table) {
        assertNothingAllocated(() -> Objects.requireNonNull(table.decide(request, draws)));
    }

    private void assertNothingAllocated(Runnable decision) {
        run(decision);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        run(decision);
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat((double) allocated / DECISIONS).as("bytes per decision").isLessThan(1);
    }

    private static void run(Runnable decision) {
        for (int i = 0; i < DECISIONS; i++) {
            decision.run();
        }
    }

    /** Hosts of every kind, exact paths, nested prefixes, fields that do and do not match, rules that do not hold. */
    private static RouteTable table(Split split) {
        var specs = new ArrayList<RouteSpec>();
        for (int i = 0; i < 100; i++) {
            specs.add(Samples.route("w" + i, List.of("*.example.com"), Samples.path(prefix("/shop/" + i))));
            specs.add(Samples.route(
                    "e" + i, List.of("shop.example.com"), Samples.path(Samples.exact("/shop/cart/" + i + i))));
        }
        specs.add(Samples.route(
                "close",
                List.of("shop.example.com"),
                new Conditions(prefix("/shop/cart"), List.of("PUT", "POST"), List.of(query("u", "alice")))));
        var rules = List.of(
                new Rule("by header", Samples.fields(header("x-canary", "always")), pool("lab")),
                new Rule("by cookie", Samples.fields(cookie("canary", "always")), pool("lab")),
                new Rule("by query", Samples.fields(query("u", "bob")), pool("lab")));
        var when = new Conditions(
                prefix("/shop"),
                List.of("GET"),
                List.of(header("u", "alice"), query("u", "alice"), cookie("theme", "dark")));
        specs.add(new RouteSpec("chosen", List.of("*.example.com"), when, rules, split));
        return RouteTable.of(specs);
    }
}
