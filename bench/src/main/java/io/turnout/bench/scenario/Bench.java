package io.turnout.bench.scenario;

import io.turnout.bench.backend.Backend;
import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.ProcessTree;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.machine.StallWitness;
import io.turnout.bench.peer.JavaStart;
import io.turnout.bench.peer.Link;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.peer.PeerProcess;
import io.turnout.bench.peer.PeerSetup;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What every scenario needs: the peers, two backends, the loop for the load, and the budget. Confined to the harness's
 * main thread.
 */
public final class Bench implements AutoCloseable {
    /** Weight of the stable pool and of the canary in a split. */
    static final int STABLE_WEIGHT = 90;

    static final int CANARY_WEIGHT = 10;

    private static final int BACKENDS = 3;

    /** Of each peer so many may run at a time, over different links. */
    private static final int LINKS = 2;

    private final HarnessLoop loop = HarnessLoop.start();
    private final StallWitness witness = StallWitness.start();
    private final List<Peer> peers;
    private final Cores cores;
    private final Budget budget;
    private final JavaStart java;
    private final Path folder;
    private final int basePort;
    private final Consumer<String> progress;
    private final List<String> doubts = new ArrayList<>();
    private final Backend blue;
    private final Backend green;
    private final Backend h2;
    private final List<String> leftOut = new ArrayList<>();
    private int started;

    /**
     * @param folder for configurations and logs of peers
     * @param basePort the first of the ports that are used, see {@link #ports}
     * @param progress hears a line for each thing done
     */
    public Bench(
            List<Peer> peers,
            Cores cores,
            Budget budget,
            JavaStart java,
            Path folder,
            int basePort,
            Consumer<String> progress) {
        this.peers = List.copyOf(peers);
        this.cores = cores;
        this.budget = budget;
        this.java = java;
        this.folder = folder;
        this.basePort = basePort;
        this.progress = progress;
        blue = Backend.start(loop, basePort);
        green = Backend.start(loop, basePort + 1);
        h2 = Backend.startH2(loop, basePort + 2);
    }

    /** All ports that a bench of so many peers uses. */
    public static List<Integer> ports(int basePort, int peers) {
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < BACKENDS + peers * LINKS * PeerSetup.Ports.COUNT; i++) {
            ports.add(basePort + i);
        }
        return ports;
    }

    /** The peers, in the order of each round. */
    public List<Peer> peers() {
        return peers;
    }

    /** How much to measure. */
    public Budget budget() {
        return budget;
    }

    /** What has turned up so far that speaks against the figures. */
    public List<String> doubts() {
        return List.copyOf(doubts);
    }

    /** Who was left out of which scenario, and why. */
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /** The transport of generator and backends. */
    public String transport() {
        return loop.transport();
    }

    Cores cores() {
        return cores;
    }

    StallWitness witness() {
        return witness;
    }

    JavaStart java() {
        return java;
    }

    Backend blue() {
        return blue;
    }

    Backend green() {
        return green;
    }

    /** The way without a proxy. */
    InetSocketAddress direct() {
        return HarnessLoop.loopback(blue.port());
    }

    LoadRun load(LoadPlan plan) {
        return LoadRun.start(loop, plan);
    }

    void say(String line) {
        progress.accept(line);
    }

    void doubt(String reason) {
        doubts.add(reason);
        say("DOUBT: " + reason);
    }

    void leaveOut(String who, String reason) {
        leftOut.add(who + ": " + reason);
        say("skipped: " + who + ": " + reason);
    }

    /** Starts a peer with all requests to one backend. */
    PeerProcess startPlain(Peer peer, JavaStart with) throws IOException, Refusal {
        return start(peer, onePool(blue), PeerSetup.Watch.OFF, Link.PLAIN, with);
    }

    /** The same, over a link. */
    PeerProcess startLinked(Peer peer, Link link) throws IOException, Refusal {
        return start(peer, onePool(link.up().isH2() ? h2 : blue), PeerSetup.Watch.OFF, link, java);
    }

    private static List<PeerSetup.Pool> onePool(Backend backend) {
        return List.of(new PeerSetup.Pool("blue", backend.port(), 1));
    }

    /** Starts a peer with requests shared by two backends. */
    PeerProcess startSplit(Peer peer, PeerSetup.Watch watch) throws IOException, Refusal {
        return start(
                peer,
                List.of(
                        new PeerSetup.Pool("blue", blue.port(), STABLE_WEIGHT),
                        new PeerSetup.Pool("green", green.port(), CANARY_WEIGHT)),
                watch,
                Link.PLAIN,
                java);
    }

    private PeerProcess start(Peer peer, List<PeerSetup.Pool> pools, PeerSetup.Watch watch, Link link, JavaStart with)
            throws IOException, Refusal {
        // In turns: those that run at a time are the ones started last.
        int first = basePort + BACKENDS + started++ % (peers.size() * LINKS) * PeerSetup.Ports.COUNT;
        Path own = folder.resolve(peer.name() + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        return PeerProcess.start(
                peer, new PeerSetup(own, PeerSetup.Ports.from(first), pools, watch, link, with), cores);
    }

    double warmSeconds(Peer peer) {
        return peer.kind() == Peer.Kind.JVM ? budget.jvmWarmSeconds() : budget.nativeWarmSeconds();
    }

    double warmSecondsAtMost(Peer peer) {
        return peer.kind() == Peer.Kind.JVM ? budget.jvmWarmSecondsAtMost() : budget.nativeWarmSeconds();
    }

    /** A tree that is no proxy, where nothing stands between generator and backend. */
    static ProcessTree harness() {
        return new ProcessTree(ProcessHandle.current());
    }

    static void waitSeconds(double seconds) throws InterruptedException {
        Thread.sleep(Math.round(seconds * 1000));
    }

    @Override
    public void close() {
        witness.close();
        blue.close();
        green.close();
        h2.close();
        loop.close();
    }
}
