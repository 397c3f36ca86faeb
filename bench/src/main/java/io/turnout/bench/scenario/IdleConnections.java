package io.turnout.bench.scenario;

import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.machine.CpuWatch;
import io.turnout.bench.machine.MachineFacts;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.JavaStart;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.peer.PeerProcess;
import io.turnout.bench.report.Figure;
import io.turnout.bench.report.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Memory of connections that have carried a request and now rest.
 *
 * <p>A native peer's is what it grew by. A JVM is started with its whole heap touched, so that growth is what lies
 * outside the heap, and live objects after a full collection are added to it: how much garbage there was does not count.
 * Stateless.
 */
final class IdleConnections implements Scenario {
    private static final double SETTLE_SECONDS = 1;
    private static final int ANSWER_SECONDS = 60;
    private static final int SPARE_FILES = 500;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String title() {
        return "Idle connections";
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.IDLE_KIB_PER_CONNECTION, Figure.RSS_MIB);
    }

    @Override
    public List<Round> run(Bench bench) throws Refusal, IOException, InterruptedException {
        long needed = 2L * bench.budget().idleConnections() + SPARE_FILES;
        if (MachineFacts.openFilesLimit() < needed) {
            throw new Refusal("found a limit of " + MachineFacts.openFilesLimit() + " open files, expected " + needed
                    + " for " + bench.budget().idleConnections()
                    + " idle connections: raise ulimit -n, or set --idle-connections");
        }
        var rounds = new ArrayList<Round>();
        for (int number = 1; number <= bench.budget().rounds(); number++) {
            for (Peer peer : bench.peers()) {
                rounds.add(measure(bench, peer, number));
            }
        }
        return rounds;
    }

    private Round measure(Bench bench, Peer peer, int number) throws Refusal, IOException, InterruptedException {
        JavaStart java = bench.java().withTouchedHeap();
        try (PeerProcess process = bench.startPlain(peer, java)) {
            RequestShape shape = RequestShape.get("/1k", 1024);
            int connections = bench.budget().idleConnections();
            try (LoadRun warm = bench.load(
                    LoadPlan.closed(process.target(), shape, bench.budget().connections()))) {
                Bench.waitSeconds(bench.warmSeconds(peer));
                requireClean(peer, warm.endWindow());
            }
            Bench.waitSeconds(SETTLE_SECONDS);
            long before = process.liveHeapKib() + process.tree().anonymousKib();
            CpuWatch watch = CpuWatch.start(process.tree(), bench.cores(), bench.witness());
            try (LoadRun run = bench.load(LoadPlan.once(process.target(), shape, connections))) {
                await(peer, run);
                Bench.waitSeconds(SETTLE_SECONDS);
                LoadWindow window = run.endWindow();
                requireClean(peer, window);
                if (window.closedIdle() > 0) {
                    throw new Refusal(name() + ", " + peer.name() + ": it closed " + window.closedIdle()
                            + " connections that should have stayed idle");
                }
                long after = process.liveHeapKib() + process.tree().anonymousKib();
                var figures = new EnumMap<Figure, Double>(Figure.class);
                figures.put(Figure.IDLE_KIB_PER_CONNECTION, (after - before) / (double) connections);
                figures.put(Figure.RSS_MIB, process.tree().rssKib() / 1024.0);
                bench.say(String.format(
                        "%s, round %d: %s: %.2f KiB each",
                        name(), number, peer.name(), (after - before) / (double) connections));
                return Round.of(number, peer.name(), figures, watch.read().noise());
            }
        }
    }

    private void await(Peer peer, LoadRun run) throws Refusal, InterruptedException {
        try {
            run.allAnswered().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Refusal(name() + ", " + peer.name() + ": not all connections had their answer after "
                    + ANSWER_SECONDS + " s");
        } catch (ExecutionException e) {
            throw new AssertionError("a run ends with its answers or failures counted", e);
        }
    }

    private void requireClean(Peer peer, LoadWindow window) throws Refusal {
        if (window.failed() > 0) {
            throw new Refusal(
                    name() + ", " + peer.name() + ": requests failed: " + window.failures() + ", expected none");
        }
    }
}
