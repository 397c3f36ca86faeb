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
import io.turnout.bench.report.Round.RssSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Memory while bodies far larger than the heap go through, down and up, to a reader that is slower than the sender; a
 * few readers beside it only crawl. Every octet is checked. Stateless.
 *
 * <p>Each peer does it once for each direction. What matters is that memory does not grow with what has passed, so it is
 * compared with what it was when a tenth had.
 */
final class BigBodies implements Scenario {
    private static final int CRAWLERS = 4;
    private static final long CRAWL_BYTES_PER_SECOND = 256 * 1024;

    /** The crawlers are to end a little before the main body does. */
    private static final double CRAWL_PART = .7;

    private static final double SAMPLE_SECONDS = .25;
    private static final double PATIENCE = 5;
    private static final double SPARE_SECONDS = 60;

    /** Which way the body goes. */
    private enum Way {
        DOWN,
        UP;

        RequestShape shape(long bytes, long bytesPerSecond) {
            return this == DOWN
                    ? RequestShape.slowDownload(bytes, bytesPerSecond)
                    : RequestShape.upload(bytes, bytesPerSecond);
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String name() {
        return "big-bodies";
    }

    @Override
    public String title() {
        return "Big bodies, slow readers";
    }

    @Override
    public List<Figure> figures() {
        return List.of(
                Figure.RSS_MAX_MIB,
                Figure.RSS_START_MIB,
                Figure.RSS_GROWTH_MIB,
                Figure.GB_PER_SECOND,
                Figure.CPU_SECONDS_PER_GB);
    }

    @Override
    public List<Round> run(Bench bench) throws Refusal, IOException, InterruptedException {
        var rounds = new ArrayList<Round>();
        for (Peer peer : bench.peers()) {
            for (Way way : Way.values()) {
                rounds.add(measure(bench, peer, way));
            }
        }
        return rounds;
    }

    private Round measure(Bench bench, Peer peer, Way way) throws Refusal, IOException, InterruptedException {
        Budget budget = bench.budget();
        double seconds = (double) budget.bigBodyBytes() / budget.bigBodyBytesPerSecond();
        long crawl = Math.max(1, (long) (CRAWL_BYTES_PER_SECOND * seconds * CRAWL_PART));
        try (PeerProcess process = bench.startPlain(peer, bench.java())) {
            LoadPlan main = LoadPlan.once(
                    process.target(), way.shape(budget.bigBodyBytes(), budget.bigBodyBytesPerSecond()), 1);
            LoadPlan crawlers = LoadPlan.once(process.target(), way.shape(crawl, CRAWL_BYTES_PER_SECOND), CRAWLERS);
            CpuWatch watch = CpuWatch.start(process.tree(), bench.cores(), bench.witness());
            try (LoadRun slow = bench.load(crawlers);
                    LoadRun run = bench.load(main)) {
                List<RssSample> samples = watchMemory(process, run, slow, seconds * PATIENCE + SPARE_SECONDS);
                CpuWatch.Seen seen = watch.read();
                LoadWindow window = run.endWindow();
                require(peer, way, window, slow.endWindow());
                EnumMap<Figure, Double> figures = Figures.of(window, seen);
                figures.putAll(memory(samples));
                String label = peer.name() + ", " + way.label();
                bench.say(String.format("%s: %s: at most %.0f MiB", name(), label, figures.get(Figure.RSS_MAX_MIB)));
                return new Round(1, label, figures, seen.noise(), Map.of(), samples);
            }
        }
    }

    private List<RssSample> watchMemory(PeerProcess process, LoadRun run, LoadRun slow, double patienceSeconds)
            throws Refusal, InterruptedException {
        var samples = new ArrayList<RssSample>();
        long from = System.nanoTime();
        while (!run.allAnswered().isDone() || !slow.allAnswered().isDone()) {
            double seconds = (System.nanoTime() - from) / 1e9;
            samples.add(new RssSample(seconds, process.tree().rssKib()));
            process.requireAlive();
            if (seconds > patienceSeconds) {
                throw new Refusal(String.format(
                        "%s, %s: a body was still on its way after %.0f s",
                        name(), process.peer().name(), seconds));
            }
            Bench.waitSeconds(SAMPLE_SECONDS);
        }
        samples.add(
                new RssSample((System.nanoTime() - from) / 1e9, process.tree().rssKib()));
        return samples;
    }

    private void require(Peer peer, Way way, LoadWindow window, LoadWindow crawled) throws Refusal {
        if (window.failed() > 0 || crawled.failed() > 0) {
            throw new Refusal(String.format(
                    "%s, %s, %s: failures %s and %s, expected every octet to arrive",
                    name(), peer.name(), way.label(), window.failures(), crawled.failures()));
        }
    }

    static Map<Figure, Double> memory(List<RssSample> samples) {
        double end = samples.get(samples.size() - 1).seconds();
        double atTenth = samples.stream()
                .filter(sample -> sample.seconds() >= end / 10)
                .mapToDouble(RssSample::kib)
                .findFirst()
                .orElseThrow();
        double most = samples.stream().mapToDouble(RssSample::kib).max().orElseThrow();
        var figures = new EnumMap<Figure, Double>(Figure.class);
        figures.put(Figure.RSS_START_MIB, atTenth / 1024);
        figures.put(Figure.RSS_MAX_MIB, most / 1024);
        figures.put(Figure.RSS_GROWTH_MIB, (most - atTenth) / 1024);
        return figures;
    }
}
