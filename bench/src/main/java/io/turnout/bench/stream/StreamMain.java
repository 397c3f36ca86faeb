package io.turnout.bench.stream;

import io.turnout.bench.backend.Backend;
import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.machine.ProcessTree;
import io.turnout.bench.peer.OwnProxy;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sends the same requests with and without clients of the event stream, in turns, and prints CPU for each request and
 * latencies as ratios. Ends with 1 when a request failed.
 */
@Command(
        name = "bench/streams",
        mixinStandardHelpOptions = true,
        description = "What clients of the event stream cost the traffic, some of them stuck.")
public final class StreamMain implements Callable<Integer> {
    @Option(names = "--root", required = true, hidden = true)
    private Path root = Path.of("");

    @Option(names = "--rounds", defaultValue = "5", description = "Turns of each kind. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "6", description = "Length of a turn. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--clients", defaultValue = "100", description = "Of the stream. Default: ${DEFAULT-VALUE}")
    private int clients;

    @Option(names = "--stuck", defaultValue = "10", description = "Of them never read. Default: ${DEFAULT-VALUE}")
    private int stuck;

    @Option(names = "--rate", defaultValue = "2000", description = "Requests a second. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--connections", defaultValue = "16", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    private StreamMain() {}

    /** Runs the bench and ends the process. */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new StreamMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("turnout-bench-streams");
        try (HarnessLoop loop = HarnessLoop.start();
                Backend main = Backend.start(loop, OwnProxy.freePort())) {
            int port = OwnProxy.freePort();
            int adminPort = OwnProxy.freePort();
            Path file = folder.resolve("turnout.yaml");
            Files.writeString(file, """
                    workers: 1
                    listeners: [{name: web, address: 127.0.0.1:%d}]
                    admin: {address: 127.0.0.1:%d}
                    state: {path: %s}
                    pools: {main: [127.0.0.1:%d]}
                    routes: [{name: all, split: {main: 1}}]
                    """.formatted(port, adminPort, folder.resolve("state"), main.port()));
            try (OwnProxy turnout = OwnProxy.start(root, file, adminPort)) {
                return measure(loop, turnout, HarnessLoop.loopback(port), adminPort);
            }
        }
    }

    private int measure(HarnessLoop loop, OwnProxy turnout, InetSocketAddress target, int adminPort)
            throws IOException, InterruptedException {
        List<Turn> alone = new ArrayList<>();
        List<Turn> watched = new ArrayList<>();
        // One round more than is kept: the first warms up.
        for (int round = 0; round <= rounds; round++) {
            Turn without = turn(loop, turnout, target);
            try (Listeners listeners = Listeners.open(adminPort, clients, stuck)) {
                Turn with = turn(loop, turnout, target);
                if (listeners.octets() == 0) {
                    throw new IOException("nobody was told any event");
                }
                if (round > 0) {
                    alone.add(without);
                    watched.add(with);
                }
            }
        }
        System.out.printf(
                "%nmedians of %d turns of %.0f s at %.0f requests/s, ratios to no clients of the stream%n",
                rounds, seconds, rate);
        System.out.printf(
                "%-22s %9s %7s %10s %6s %9s %6s %9s %6s%n",
                "clients", "answered", "failed", "CPU us/req", "ratio", "p50 us", "ratio", "p99 us", "ratio");
        print("none", alone, alone);
        print(clients + ", " + stuck + " of them stuck", watched, alone);
        boolean failed = alone.stream().anyMatch(turn -> turn.failed > 0)
                || watched.stream().anyMatch(turn -> turn.failed > 0);
        return failed ? 1 : 0;
    }

    private Turn turn(HarnessLoop loop, OwnProxy turnout, InetSocketAddress target) throws InterruptedException {
        LoadPlan plan = LoadPlan.fixed(target, RequestShape.get("/1k", 1024), connections, rate);
        ProcessTree tree = new ProcessTree(turnout.handle());
        try (LoadRun run = LoadRun.start(loop, plan)) {
            Thread.sleep(300);
            run.beginWindow();
            double before = tree.cpuSeconds();
            Thread.sleep(Math.round(seconds * 1000));
            double cpu = tree.cpuSeconds() - before;
            LoadWindow window = run.endWindow();
            return new Turn(
                    window.answered(),
                    window.failed(),
                    1e6 * cpu / Math.max(1, window.answered()),
                    window.fromDueNanos().getValueAtPercentile(50) / 1e3,
                    window.fromDueNanos().getValueAtPercentile(99) / 1e3);
        }
    }

    /** What one turn showed. */
    private record Turn(long answered, long failed, double cpuMicros, double p50, double p99) {}

    private static void print(String title, List<Turn> of, List<Turn> base) {
        System.out.printf(
                "%-22s %9d %7d %10.1f %6.2f %9.0f %6.2f %9.0f %6.2f%n",
                title,
                of.stream().mapToLong(Turn::answered).sum(),
                of.stream().mapToLong(Turn::failed).sum(),
                median(of, Turn::cpuMicros),
                median(of, Turn::cpuMicros) / median(base, Turn::cpuMicros),
                median(of, Turn::p50),
                median(of, Turn::p50) / median(base, Turn::p50),
                median(of, Turn::p99),
                median(of, Turn::p99) / median(base, Turn::p99));
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
