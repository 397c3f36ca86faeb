package io.turnout.bench.scenario;

import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.load.Pace;
import io.turnout.bench.machine.CpuWatch;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.Link;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.peer.PeerProcess;
import io.turnout.bench.peer.PeerSetup;
import io.turnout.bench.report.Figure;
import io.turnout.bench.report.Round;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A scenario of steady load: all peers are started and warmed up, then each has its turn in each round while the others
 * stand still. Immutable.
 */
final class SteadyScenario implements Scenario {
    /** How requests are routed. */
    enum Routing {
        ONE_POOL,
        SPLIT,
        GUARDED_SPLIT
    }

    /** Makes the load for a target. */
    interface Traffic {
        LoadPlan to(InetSocketAddress target, Budget budget);
    }

    /** Of what is due at a fixed rate, so much must have been answered. */
    private static final double RATE_HELD = .99;

    /** Of handshakes that are to resume a session, so many must. */
    private static final double RESUMED_PART = .95;

    private static final String DIRECT = "direct";

    private final String name;
    private final String title;
    private final Routing routing;
    private final Companion companion;
    private final Traffic traffic;
    private final List<Figure> figures;
    private final List<Link> links;

    SteadyScenario(
            String name, String title, Routing routing, Companion companion, Traffic traffic, Figure... figures) {
        this(name, title, routing, companion, traffic, List.of(figures), List.of(Link.PLAIN));
    }

    private SteadyScenario(
            String name,
            String title,
            Routing routing,
            Companion companion,
            Traffic traffic,
            List<Figure> figures,
            List<Link> links) {
        this.name = name;
        this.title = title;
        this.routing = routing;
        this.companion = companion;
        this.traffic = traffic;
        this.figures = figures;
        this.links = links;
    }

    /** The same with one pool over other links, each peer once over each. */
    SteadyScenario over(Link... others) {
        return new SteadyScenario(name, title, Routing.ONE_POOL, companion, traffic, figures, List.of(others));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public List<Figure> figures() {
        return figures;
    }

    @Override
    public List<Round> run(Bench bench) throws Refusal, IOException, InterruptedException {
        var processes = new ArrayList<PeerProcess>();
        try {
            for (Peer peer : bench.peers()) {
                for (Link link : links) {
                    startWarm(bench, peer, link, processes);
                }
            }
            if (processes.isEmpty()) {
                throw new Refusal(name + ": none of the peers can do it, expected at least one");
            }
            var rounds = new ArrayList<Round>();
            for (int number = 1; number <= bench.budget().rounds(); number++) {
                measureRound(bench, processes, number, rounds);
            }
            return rounds;
        } finally {
            processes.forEach(PeerProcess::close);
        }
    }

    private void startWarm(Bench bench, Peer peer, Link link, List<PeerProcess> processes)
            throws Refusal, IOException, InterruptedException {
        Optional<String> refusal = peer.refusal(link);
        if (refusal.isPresent()) {
            bench.leaveOut(name + ", " + link.nameOf(peer), refusal.get());
            return;
        }
        PeerProcess process = start(bench, peer, link);
        processes.add(process);
        warmUp(bench, process);
        process.pause();
    }

    private PeerProcess start(Bench bench, Peer peer, Link link) throws Refusal, IOException {
        return switch (routing) {
            case ONE_POOL -> bench.startLinked(peer, link);
            case SPLIT -> bench.startSplit(peer, PeerSetup.Watch.OFF);
            case GUARDED_SPLIT -> bench.startSplit(peer, PeerSetup.Watch.GUARD);
        };
    }

    private void warmUp(Bench bench, PeerProcess process) throws IOException, InterruptedException, Refusal {
        Peer peer = process.peer();
        WarmUp warmUp = new WarmUp(bench.warmSeconds(peer), bench.warmSecondsAtMost(peer));
        try (LoadRun run = bench.load(plan(bench, process))) {
            while (warmUp.isNeeded()) {
                double before = process.tree().cpuSeconds();
                accompany(process, warmUp.sliceSeconds());
                process.requireAlive();
                LoadWindow window = run.endWindow();
                if (companion != Companion.RELOAD) {
                    requireNoFailures(process.name(), window);
                }
                warmUp.onSlice((process.tree().cpuSeconds() - before) / Math.max(1, window.answered()));
            }
        }
        bench.say(String.format("%s: %s is warm after %.0f s", name, process.name(), warmUp.seconds()));
    }

    private LoadPlan plan(Bench bench, PeerProcess process) {
        return traffic.to(process.target(), bench.budget()).in(process.link().down());
    }

    private void measureRound(Bench bench, List<PeerProcess> processes, int number, List<Round> rounds)
            throws Refusal, IOException, InterruptedException {
        Map<Figure, Double> direct = Map.of();
        if (isFixedRate(bench)) {
            Round round = measureDirect(bench, number);
            direct = round.figures();
            rounds.add(round);
            say(bench, round);
        }
        for (PeerProcess process : processes) {
            process.resume();
            Round round = measure(bench, process, number, direct);
            process.pause();
            rounds.add(round);
            say(bench, round);
        }
    }

    private boolean isFixedRate(Bench bench) {
        return traffic.to(bench.direct(), bench.budget()).pace() instanceof Pace.Fixed;
    }

    private void say(Bench bench, Round round) {
        Figure main = figures.get(0);
        Double value = round.figures().get(main);
        bench.say(String.format(
                "%s, round %d: %s: %s %s%s",
                name,
                round.number(),
                round.peer(),
                main.title(),
                value == null ? "-" : main.format(value),
                round.noise().isNoisy() ? " (disturbed)" : ""));
    }

    private Round measureDirect(Bench bench, int number) throws Refusal, InterruptedException, IOException {
        LoadPlan plan = traffic.to(bench.direct(), bench.budget());
        try (LoadRun run = bench.load(plan)) {
            Bench.waitSeconds(bench.budget().rampSeconds());
            CpuWatch watch = CpuWatch.start(Bench.harness(), bench.cores(), bench.witness());
            run.beginWindow();
            Bench.waitSeconds(bench.budget().windowSeconds());
            // There is no proxy: all that runs on its core is noise.
            CpuWatch.Seen seen = watch.readBeside(0);
            LoadWindow window = run.endWindow();
            requireNoFailures(DIRECT, window);
            requireRate(DIRECT, plan, window);
            EnumMap<Figure, Double> seenByClients = Figures.latencies(window);
            seenByClients.put(Figure.REQUESTS_PER_SECOND, window.perSecond());
            seenByClients.put(Figure.STALL_MILLIS, seen.noise().longestStallMillis());
            return Round.of(number, DIRECT, seenByClients, seen.noise());
        }
    }

    private Round measure(Bench bench, PeerProcess process, int number, Map<Figure, Double> direct)
            throws Refusal, IOException, InterruptedException {
        LoadPlan plan = plan(bench, process);
        try (LoadRun run = bench.load(plan)) {
            Bench.waitSeconds(bench.budget().rampSeconds());
            long stable = bench.blue().answered();
            long canary = bench.green().answered();
            CpuWatch watch = CpuWatch.start(process.tree(), bench.cores(), bench.witness());
            run.beginWindow();
            int seconds = accompany(process, bench.budget().windowSeconds());
            CpuWatch.Seen seen = watch.read();
            LoadWindow window = run.endWindow();
            EnumMap<Figure, Double> measured = Figures.of(window, seen);
            addShare(measured, bench.blue().answered() - stable, bench.green().answered() - canary);
            measured.put(Figure.RSS_MIB, process.tree().rssKib() / 1024.0);
            process.requireAlive();
            check(process.name(), plan, window);
            if (companion == Companion.RELOAD) {
                measured.put(Figure.LOST_REQUESTS, (double) window.failed());
                measured.put(Figure.RELOADS, (double) seconds);
            }
            if (!direct.isEmpty()) {
                Figures.addAdded(measured, direct);
            }
            return new Round(number, process.name(), measured, seen.noise(), failuresOf(window), List.of());
        }
    }

    /** Lets so much time pass; answers how often the companion came. */
    private int accompany(PeerProcess process, double windowSeconds) throws Refusal, IOException, InterruptedException {
        long end = System.nanoTime() + Math.round(windowSeconds * 1e9);
        int second = 0;
        long left = end - System.nanoTime();
        while (left > 0) {
            Bench.waitSeconds(Math.min(1, left / 1e9));
            if (companion != Companion.NONE) {
                companion.onSecond(process, second);
                second++;
            }
            left = end - System.nanoTime();
        }
        return second;
    }

    private void addShare(EnumMap<Figure, Double> measured, long stable, long canary) {
        if (routing != Routing.ONE_POOL && stable + canary > 0) {
            measured.put(Figure.CANARY_PERCENT, 100.0 * canary / (stable + canary));
        }
    }

    private void check(String peer, LoadPlan plan, LoadWindow window) throws Refusal {
        if (companion != Companion.RELOAD) {
            requireNoFailures(peer, window);
        }
        if (window.answered() == 0) {
            throw new Refusal(name + ", " + peer + ": not one request was answered");
        }
        requireRate(peer, plan, window);
        requireSessions(peer, plan, window);
    }

    /** Resumed handshakes are far cheaper than full ones, so what was wanted must be what was had. */
    private void requireSessions(String peer, LoadPlan plan, LoadWindow window) throws Refusal {
        double part = window.handshakes() == 0 ? 0 : (double) window.resumed() / window.handshakes();
        boolean wanted = plan.use() == LoadPlan.ConnectionUse.RESUMED;
        if (wanted ? part < RESUMED_PART : part > 0) {
            throw new Refusal(String.format(
                    "%s, %s: found %.1f %% of handshakes resumed, expected %s",
                    name, peer, 100 * part, wanted ? "nearly all" : "none"));
        }
    }

    private void requireNoFailures(String peer, LoadWindow window) throws Refusal {
        if (window.failed() > 0) {
            throw new Refusal(name + ", " + peer + ": " + window.failed() + " requests failed (" + window.failures()
                    + ") beside " + window.answered() + " answered, expected none");
        }
    }

    private void requireRate(String peer, LoadPlan plan, LoadWindow window) throws Refusal {
        if (plan.pace() instanceof Pace.Fixed fixed && window.perSecond() < fixed.perSecond() * RATE_HELD) {
            throw new Refusal(String.format(
                    "%s, %s: found %.0f requests/s, expected %.0f: latencies at a rate that is not held mean nothing;"
                            + " set a lower --rate",
                    name, peer, window.perSecond(), fixed.perSecond()));
        }
    }

    private static Map<String, Long> failuresOf(LoadWindow window) {
        var failures = new TreeMap<String, Long>();
        window.failures().forEach((failure, count) -> failures.put(failure.name(), count));
        return failures;
    }
}
