package io.turnout.bench.micro;

import io.turnout.routing.Conditions;
import io.turnout.routing.Decision;
import io.turnout.routing.DescribedRequest;
import io.turnout.routing.Draws;
import io.turnout.routing.KeySource;
import io.turnout.routing.OnEmpty;
import io.turnout.routing.PoolRef;
import io.turnout.routing.RequestView;
import io.turnout.routing.RouteSpec;
import io.turnout.routing.RouteTable;
import io.turnout.routing.Split;
import io.turnout.routing.SplitKey;
import io.turnout.routing.SplitKey.WithoutKey;
import io.turnout.routing.Variant;
import io.turnout.routing.VisitorMint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to decide where a request goes: find its route, then pick a variant by weight or by key. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoutingBenchmark {
    private static final int ROTATED_KEYS = 1024;
    private static final int SLOT_SECONDS = 10;

    /** Routes in the table, each for a host of its own. */
    @Param({"1", "100"})
    public int routes = 1;

    private final RequestView[] requests = new RequestView[ROTATED_KEYS];
    private final Draws draws = new Draws(0, 1, new VisitorMint(new byte[VisitorMint.SECRET_BYTES], SLOT_SECONDS));
    private final Draws keyedDraws = new Draws(0, 1, new VisitorMint(new byte[VisitorMint.SECRET_BYTES], SLOT_SECONDS));
    private final Draws threeWayDraws =
            new Draws(0, 1, new VisitorMint(new byte[VisitorMint.SECRET_BYTES], SLOT_SECONDS));
    private @Nullable RouteTable weighted;
    private @Nullable RouteTable keyed;
    private @Nullable RouteTable threeWays;
    private int next;

    /** Compiles the tables. */
    @Setup
    public void setUp() {
        for (int i = 0; i < ROTATED_KEYS; i++) {
            requests[i] = DescribedRequest.of("GET", "host0.example.com", "/catalogue/shoes?size=42")
                    .with("cookie", "theme=dark; uid=visitor" + i)
                    .with("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)");
        }
        SplitKey key = new SplitKey(new KeySource.Cookie("uid"), "shop", WithoutKey.DRAW);
        weighted = table(null, 95, 5);
        keyed = table(key, 95, 5);
        threeWays = table(key, 80, 15, 5);
    }

    /** Route and weighted pick. */
    @Benchmark
    public @Nullable Decision decideByWeight() {
        return decide(weighted, draws);
    }

    /** Route, cookie and keyed pick between two variants. */
    @Benchmark
    public @Nullable Decision decideByKey() {
        return decide(keyed, keyedDraws);
    }

    /** Route, cookie and keyed pick among three variants. */
    @Benchmark
    public @Nullable Decision decideByKeyThreeWays() {
        return decide(threeWays, threeWayDraws);
    }

    private @Nullable Decision decide(@Nullable RouteTable table, Draws tableDraws) {
        if (table == null) {
            throw new AssertionError("setUp has not run");
        }
        next = (next + 1) & (ROTATED_KEYS - 1);
        return table.decide(requests[next], tableDraws);
    }

    private RouteTable table(@Nullable SplitKey key, int... weights) {
        var specs = new ArrayList<RouteSpec>();
        for (int route = 0; route < routes; route++) {
            var variants = new ArrayList<Variant>();
            for (int i = 0; i < weights.length; i++) {
                variants.add(new Variant(new PoolRef("pool" + i, i), weights[i]));
            }
            Split split = new Split("split" + route, variants, "pool0", key, new OnEmpty.Redistribute());
            specs.add(new RouteSpec(
                    "route" + route, List.of("host" + route + ".example.com"), Conditions.NONE, List.of(), split));
        }
        return RouteTable.of(specs);
    }
}
