package io.turnout.bench.profile;

import io.turnout.bench.backend.Backend;
import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.JavaStart;
import io.turnout.bench.peer.Link;
import io.turnout.bench.peer.OwnProxy;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.peer.PeerProcess;
import io.turnout.bench.peer.PeerSetup;
import io.turnout.bench.peer.Peers;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A Turnout with one loop that is kept busy on kept connections, as in the scenario {@code keep-alive}. Confined to the main thread.
 */
final class TurnoutUnderLoad implements AutoCloseable {
    private final HarnessLoop loop;
    private final Backend backend;
    private final Backend shadow;
    private final PeerProcess process;
    private final LoadRun run;

    private TurnoutUnderLoad(HarnessLoop loop, Backend backend, Backend shadow, PeerProcess process, LoadRun run) {
        this.loop = loop;
        this.backend = backend;
        this.shadow = shadow;
        this.process = process;
        this.run = run;
    }

    /**
     * Starts it, and the load.
     *
     * @param root the project's folder
     * @param harnessCore where generator and backend run; the proxy gets another
     * @param variant of the peers, {@code turnout} or {@code turnout-io_uring}
     * @param asked what is asked for, and whether it is copied to a shadow
     * @param flags for its Java besides the usual ones
     */
    static TurnoutUnderLoad start(
            Path root, int harnessCore, String variant, Asked asked, int connections, List<String> flags)
            throws IOException, Refusal {
        Path target = root.resolve("bench/target").toAbsolutePath();
        Peer peer = new Peers(root.resolve("proxy/target/turnout.jar").toAbsolutePath(), target)
                .named(List.of(variant))
                .get(0);
        peer.version();
        HarnessLoop loop = HarnessLoop.start();
        Backend backend = Backend.start(loop, 0);
        Backend shadow = Backend.start(loop, 0);
        Path folder = target.resolve("profile/run-" + ProcessHandle.current().pid());
        Files.createDirectories(folder);
        PeerSetup setup = new PeerSetup(
                folder,
                new PeerSetup.Ports(OwnProxy.freePort(), OwnProxy.freePort(), OwnProxy.freePort()),
                List.of(new PeerSetup.Pool("blue", backend.port(), 1)),
                PeerSetup.Watch.OFF,
                Link.down(asked.dialect()),
                JavaStart.likeOurs(flags));
        if (asked.copied()) {
            setup = setup.copiedTo(new PeerSetup.Pool("shadow", shadow.port(), 1));
        }
        PeerProcess process = PeerProcess.start(peer, setup, new Cores(harnessCore == 0 ? 1 : 0, harnessCore));
        LoadPlan plan = asked.load(process.target(), connections);
        return new TurnoutUnderLoad(loop, backend, shadow, process, LoadRun.start(loop, plan));
    }

    /** Copies the shadow has answered so far. */
    long copies() {
        return shadow.answered();
    }

    /** The process id of Turnout. */
    long pid() {
        return process.tree().pids().get(0);
    }

    /** Lets time pass, and answers how many requests were answered in it. */
    long answeredIn(double seconds) throws InterruptedException, Refusal {
        run.beginWindow();
        Thread.sleep(Math.round(seconds * 1000));
        process.requireAlive();
        LoadWindow window = run.endWindow();
        if (window.failed() > 0 || window.answered() == 0) {
            throw new Refusal("found " + window.answered() + " requests answered and failures " + window.failures()
                    + ", expected answers only");
        }
        return window.answered();
    }

    @Override
    public void close() {
        run.close();
        process.close();
        shadow.close();
        backend.close();
        loop.close();
    }
}
