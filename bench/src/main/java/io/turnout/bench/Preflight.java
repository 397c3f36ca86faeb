package io.turnout.bench;

import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.CoreTimes;
import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.MachineFacts;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.report.BenchResult.MeasuredPeer;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold before anything is measured. Stateless. */
final class Preflight {
    private static final double LOOK_SECONDS = 1.5;
    private static final double BUSY = .05;

    private Preflight() {}

    /** The peers with their versions; refuses when one is missing. */
    static List<MeasuredPeer> versions(List<Peer> peers) throws Refusal {
        var versions = new ArrayList<MeasuredPeer>();
        for (Peer peer : peers) {
            versions.add(new MeasuredPeer(peer.name(), peer.version()));
        }
        return versions;
    }

    /** Two cores, and this process pinned to its own. */
    static void requirePinning(Cores cores) throws Refusal {
        Command.firstLine("taskset", "--version");
        int online = MachineFacts.onlineCores();
        if (cores.proxy() >= online || cores.harness() >= online) {
            throw new Refusal("found " + online + " cores, expected cores " + cores.proxy() + " (proxy) and "
                    + cores.harness() + " (harness): set --proxy-core and --harness-core");
        }
        String allowed = MachineFacts.allowedCores();
        if (!allowed.equals(Integer.toString(cores.harness()))) {
            throw new Refusal("found the harness on cores " + allowed + ", expected it pinned to " + cores.harness()
                    + ": start it by bench/run");
        }
    }

    /** Every port can be listened on. */
    static void requireFree(List<Integer> ports) throws Refusal {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(HarnessLoop.loopback(port));
            } catch (IOException e) {
                throw new Refusal("port " + port + " is taken (" + e.getMessage() + "): end what listens there, or set"
                        + " --base-port");
            }
        }
    }

    /** Why the cores are no place to measure on now; empty if they are quiet. */
    static Optional<String> busy(Cores cores) throws InterruptedException {
        CoreTimes proxyBefore = CoreTimes.now(cores.proxy());
        CoreTimes harnessBefore = CoreTimes.now(cores.harness());
        Thread.sleep(Math.round(LOOK_SECONDS * 1000));
        double proxy = busyPart(CoreTimes.now(cores.proxy()).since(proxyBefore));
        double harness = busyPart(CoreTimes.now(cores.harness()).since(harnessBefore));
        if (proxy <= BUSY && harness <= BUSY) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                "cores were busy before the start: core %d %.0f %%, core %d %.0f %%, expected at most %.0f %%",
                cores.proxy(), 100 * proxy, cores.harness(), 100 * harness, 100 * BUSY));
    }

    private static double busyPart(CoreTimes times) {
        return (times.busySeconds() + times.stolenSeconds()) / LOOK_SECONDS;
    }
}
