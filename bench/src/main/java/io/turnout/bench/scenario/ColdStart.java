package io.turnout.bench.scenario;

import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.machine.CpuWatch;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.peer.PeerProcess;
import io.turnout.bench.report.Figure;
import io.turnout.bench.report.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/**
 * From the start of the process to its first answer, asked for every millisecond; and how long the first requests take
 * that come right after it, at a rate that a warm process hardly notices. Stateless.
 */
final class ColdStart implements Scenario {
    private static final int FIRST_REQUESTS = 1000;
    private static final double REQUESTS_PER_SECOND = 1000;
    private static final int CONNECTIONS = 64;

    @Override
    public String name() {
        return "cold-start";
    }

    @Override
    public String title() {
        return "Start to first answer";
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.START_MILLIS, Figure.P50_MICROS, Figure.P99_MICROS, Figure.P999_MICROS, Figure.RSS_MIB);
    }

    @Override
    public List<Round> run(Bench bench) throws Refusal, IOException, InterruptedException {
        var rounds = new ArrayList<Round>();
        for (int number = 1; number <= bench.budget().rounds(); number++) {
            for (Peer peer : bench.peers()) {
                rounds.add(measure(bench, peer, number));
            }
        }
        return rounds;
    }

    private Round measure(Bench bench, Peer peer, int number) throws Refusal, IOException, InterruptedException {
        CpuWatch watch = CpuWatch.start(Bench.harness(), bench.cores(), bench.witness());
        try (PeerProcess process = bench.startPlain(peer, bench.java())) {
            EnumMap<Figure, Double> figures = Figures.latencies(first(bench, process));
            figures.put(Figure.START_MILLIS, process.startNanos() / 1e6);
            figures.put(Figure.RSS_MIB, process.tree().rssKib() / 1024.0);
            bench.say(String.format(
                    "%s, round %d: %s: %.0f ms", name(), number, peer.name(), process.startNanos() / 1e6));
            double cpu = process.tree().cpuSeconds();
            return Round.of(number, peer.name(), figures, watch.readBeside(cpu).noise());
        }
    }

    private LoadWindow first(Bench bench, PeerProcess process) throws Refusal, InterruptedException {
        RequestShape shape = RequestShape.get("/1k", 1024);
        try (LoadRun run = bench.load(LoadPlan.fixed(process.target(), shape, CONNECTIONS, REQUESTS_PER_SECOND))) {
            Bench.waitSeconds(FIRST_REQUESTS / REQUESTS_PER_SECOND);
            LoadWindow window = run.endWindow();
            if (window.failed() > 0 || window.answered() == 0) {
                throw new Refusal(name() + ", " + process.name() + ": failures " + window.failures()
                        + " among the first " + window.answered() + " requests, expected none");
            }
            return window;
        }
    }
}
