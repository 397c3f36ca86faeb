package io.turnout.bench.scenario;

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

/** From the start of the process to its first answer, asked for every millisecond. Stateless. */
final class ColdStart implements Scenario {
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
        return List.of(Figure.START_MILLIS, Figure.RSS_MIB);
    }

    @Override
    public List<Round> run(Bench bench) throws Refusal, IOException {
        var rounds = new ArrayList<Round>();
        for (int number = 1; number <= bench.budget().rounds(); number++) {
            for (Peer peer : bench.peers()) {
                rounds.add(measure(bench, peer, number));
            }
        }
        return rounds;
    }

    private Round measure(Bench bench, Peer peer, int number) throws Refusal, IOException {
        CpuWatch watch = CpuWatch.start(Bench.harness(), bench.cores(), bench.witness());
        try (PeerProcess process = bench.startPlain(peer, bench.java())) {
            var figures = new EnumMap<Figure, Double>(Figure.class);
            figures.put(Figure.START_MILLIS, process.startNanos() / 1e6);
            figures.put(Figure.RSS_MIB, process.tree().rssKib() / 1024.0);
            bench.say(String.format(
                    "%s, round %d: %s: %.0f ms", name(), number, peer.name(), process.startNanos() / 1e6));
            double cpu = process.tree().cpuSeconds();
            return Round.of(number, peer.name(), figures, watch.readBeside(cpu).noise());
        }
    }
}
