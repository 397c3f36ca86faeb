package io.turnout.control.smoke;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.turnout.adminapi.SmokeReport;
import io.turnout.config.SmokeTest;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import java.io.Closeable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks every endpoint in service of a pool every smoke test of a route: endpoints beside each other, the tests of one
 * endpoint one after the other, on one thread of their own.
 *
 * <p>Safe for any thread.
 */
public final class SmokeRunner implements Closeable {
    /** Beyond the pool's time for the first byte, for the rest of the answer. */
    private static final long BODY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1,
            task -> {
                Thread thread = new FastThreadLocalThread(task, "smoke");
                thread.setDaemon(true);
                return thread;
            },
            NioIoHandler.newFactory());
    private final InstantSource clock;

    /** @param clock for the time of the report */
    public SmokeRunner(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Runs the suite. It fails when one test fails at one endpoint, and when there is no endpoint to ask.
     *
     * @return never fails, and is there after the pool's timeouts for each test at the latest
     */
    public CompletableFuture<SmokeReport> run(String route, List<SmokeTest> suite, PoolPlan pool) {
        Instant time = clock.instant();
        List<CompletableFuture<List<SmokeReport.Case>>> running = pool.endpoints().stream()
                .filter(endpoint -> !endpoint.drained())
                .map(endpoint -> run(suite, endpoint, pool))
                .toList();
        return CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    List<SmokeReport.Case> cases = running.stream()
                            .flatMap(each -> each.join().stream())
                            .toList();
                    boolean passed = !cases.isEmpty() && cases.stream().allMatch(SmokeReport.Case::passed);
                    return new SmokeReport(route, pool.name(), passed, time, cases);
                });
    }

    private CompletableFuture<List<SmokeReport.Case>> run(List<SmokeTest> suite, EndpointPlan endpoint, PoolPlan pool) {
        CompletableFuture<List<SmokeReport.Case>> soFar = CompletableFuture.completedFuture(new ArrayList<>());
        for (SmokeTest test : suite) {
            soFar = soFar.thenCompose(cases -> one(test, endpoint, pool).thenApply(next -> {
                cases.add(next);
                return cases;
            }));
        }
        return soFar;
    }

    private CompletableFuture<SmokeReport.Case> one(SmokeTest test, EndpointPlan endpoint, PoolPlan pool) {
        if (endpoint.address().isUnresolved()) {
            return CompletableFuture.completedFuture(
                    new SmokeReport.Case(test.name(), endpoint.name(), false, "its name leads nowhere", 0));
        }
        long within = pool.connectNanos() + pool.responseNanos() + BODY_NANOS;
        return Question.ask(loop, test, pool, endpoint, within);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }
}
