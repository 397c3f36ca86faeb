package io.turnout.bench.mirror;

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
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sends the same requests through routes of one Turnout that differ in nothing but their mirror, in turns, and prints CPU
 * for each request, latencies and memory as ratios to the route without one. Ends with 1 when an original failed.
 */
@Command(
        name = "bench/mirror",
        mixinStandardHelpOptions = true,
        description = "What mirrors cost the originals, with shadows that do well and shadows that do not.")
public final class MirrorMain implements Callable<Integer> {
    private static final int KIB = 1024;
    private static final long LARGE_BYTES = 8L * KIB * KIB;

    @Option(names = "--root", required = true, hidden = true)
    private Path root = Path.of("");

    @Option(names = "--rounds", defaultValue = "5", description = "Turns of each route. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "Length of a turn. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--connections", defaultValue = "16", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Requests a second of 1 KiB; 0 for as many as go through. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--shadows", split = ",", paramLabel = "KIND", description = "Only these kinds.")
    private List<Shadow> shadows = new ArrayList<>(Arrays.asList(Shadow.values()));

    private boolean failed;

    private MirrorMain() {}

    /** Runs the bench and ends the process. */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new MirrorMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!shadows.contains(Shadow.NONE)) {
            shadows.add(0, Shadow.NONE);
        }
        Path folder = Files.createTempDirectory("turnout-bench-mirror");
        try (HarnessLoop loop = HarnessLoop.start();
                Backend main = Backend.start(loop, OwnProxy.freePort());
                Backend healthy = Backend.start(loop, OwnProxy.freePort());
                BadShadow hanging = BadShadow.start(Shadow.HANGING);
                BadShadow resetting = BadShadow.start(Shadow.RESETTING);
                BadShadow dripping = BadShadow.start(Shadow.DRIPPING)) {
            Map<Shadow, Integer> ports = new EnumMap<>(Shadow.class);
            ports.put(Shadow.HEALTHY, healthy.port());
            ports.put(Shadow.DEAD, OwnProxy.freePort());
            ports.put(Shadow.HANGING, hanging.port());
            ports.put(Shadow.RESETTING, resetting.port());
            ports.put(Shadow.DRIPPING, dripping.port());
            int port = OwnProxy.freePort();
            int adminPort = OwnProxy.freePort();
            Path file = folder.resolve("turnout.yaml");
            Files.writeString(file, config(folder, port, adminPort, main.port(), ports));
            try (OwnProxy turnout = OwnProxy.start(root, file, adminPort)) {
                measure(loop, turnout, port, "1 KiB answers", RequestShape.get("/1k", KIB), connections);
                measure(loop, turnout, port, "1 KiB up", RequestShape.upload(KIB, 0), connections);
                measure(loop, turnout, port, "8 MiB up", RequestShape.upload(LARGE_BYTES, 0), 2);
            }
        }
        return failed ? 1 : 0;
    }

    private static String config(Path folder, int port, int adminPort, int main, Map<Shadow, Integer> ports) {
        StringBuilder yaml = new StringBuilder("""
                workers: 1
                listeners: [{name: web, address: 0.0.0.0:%d}]
                admin: {address: 127.0.0.1:%d}
                state: {path: %s}
                pools:
                  main: [127.0.0.1:%d]
                """.formatted(port, adminPort, folder.resolve("state"), main));
        ports.forEach((shadow, at) -> yaml.append("  %s: [127.0.0.1:%d]%n".formatted(shadow.label(), at)));
        yaml.append("routes:\n");
        for (Shadow shadow : Shadow.values()) {
            yaml.append("  - name: to-%s%n    match: {host: %s}%n    split: {main: 1}%n"
                    .formatted(shadow.label(), shadow.address()));
            if (shadow != Shadow.NONE) {
                yaml.append("    mirror: {pool: %s, unsafeMethods: true, timeout: 2s, limits: {request: 16MiB}}%n"
                        .formatted(shadow.label()));
            }
        }
        return yaml.toString();
    }

    private void measure(
            HarnessLoop loop, OwnProxy turnout, int port, String title, RequestShape shape, int concurrently)
            throws InterruptedException {
        Map<Shadow, List<Turn>> turns = new EnumMap<>(Shadow.class);
        // One round more than is kept: the first warms up.
        for (int round = 0; round <= rounds; round++) {
            for (Shadow shadow : shadows) {
                Turn turn = turn(loop, turnout, new InetSocketAddress(shadow.address(), port), shape, concurrently);
                failed |= turn.failed() > 0;
                if (round > 0) {
                    turns.computeIfAbsent(shadow, first -> new ArrayList<>()).add(turn);
                }
            }
        }
        print(title, turns);
    }

    private Turn turn(
            HarnessLoop loop, OwnProxy turnout, InetSocketAddress target, RequestShape shape, int concurrently)
            throws InterruptedException {
        LoadPlan plan = rate > 0 && shape.uploadBytes() <= KIB
                ? LoadPlan.fixed(target, shape, concurrently, rate)
                : LoadPlan.closed(target, shape, concurrently);
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
                    window.fromDueNanos().getValueAtPercentile(99) / 1e3,
                    tree.rssKib() / 1024.0);
        }
    }

    /** What one turn showed. */
    private record Turn(long answered, long failed, double cpuMicros, double p50, double p99, double rssMib) {}

    private void print(String title, Map<Shadow, List<Turn>> turns) {
        System.out.printf("%n%s, medians of %d turns of %.0f s, ratios to no mirror%n", title, rounds, seconds);
        System.out.printf(
                "%-10s %9s %7s %10s %6s %9s %6s %9s %6s %7s%n",
                "shadow", "answered", "failed", "CPU us/req", "ratio", "p50 us", "ratio", "p99 us", "ratio", "RSS MiB");
        List<Turn> plain = turns.getOrDefault(Shadow.NONE, List.of());
        turns.forEach((shadow, of) -> System.out.printf(
                "%-10s %9d %7d %10.1f %6.2f %9.0f %6.2f %9.0f %6.2f %7.0f%n",
                shadow.label(),
                of.stream().mapToLong(Turn::answered).sum(),
                of.stream().mapToLong(Turn::failed).sum(),
                median(of, Turn::cpuMicros),
                median(of, Turn::cpuMicros) / median(plain, Turn::cpuMicros),
                median(of, Turn::p50),
                median(of, Turn::p50) / median(plain, Turn::p50),
                median(of, Turn::p99),
                median(of, Turn::p99) / median(plain, Turn::p99),
                median(of, Turn::rssMib)));
    }

    private static double median(List<Turn> turns, java.util.function.ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
