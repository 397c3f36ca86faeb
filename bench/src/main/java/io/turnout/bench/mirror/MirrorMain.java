package io.turnout.bench.mirror;

import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.MachineFacts;
import io.turnout.bench.machine.ProcessTree;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Sends the same requests through routes of one Turnout that differ in nothing but their mirror, in turns, and through
 * nginx with and without its own; prints CPU for each request, latencies and memory as ratios to the route without one.
 * Ends with 1 when an original failed, or when too few copies came about.
 */
@CommandLine.Command(
        name = "bench/mirror",
        mixinStandardHelpOptions = true,
        description = "What mirrors cost the originals, with shadows that do well and shadows that do not.")
public final class MirrorMain implements Callable<Integer> {
    private static final int KIB = 1024;
    private static final long LARGE_BYTES = 8L * KIB * KIB;
    private static final int LARGE_AT_ONCE = 2;

    private enum ProxyName {
        TURNOUT,
        NGINX
    }

    /** What is asked for. */
    private enum Requests {
        ANSWERS("1 KiB answers"),
        UPLOADS("1 KiB up"),
        LARGE_UPLOADS("8 MiB up");

        final String title;

        Requests(String title) {
            this.title = title;
        }

        RequestShape shape() {
            return switch (this) {
                case ANSWERS -> RequestShape.get("/1k", KIB);
                case UPLOADS -> RequestShape.upload(KIB, 0);
                case LARGE_UPLOADS -> RequestShape.upload(LARGE_BYTES, 0);
            };
        }
    }

    @Option(names = "--root", required = true, hidden = true)
    private Path root = Path.of("");

    @Option(names = "--harness-core", defaultValue = "1", hidden = true)
    private int harnessCore;

    @Option(names = "--rounds", defaultValue = "5", description = "Turns of each route. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "Length of a turn. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--warmup",
            defaultValue = "8",
            description = "Seconds of each route that can do well, before its turns. Default: ${DEFAULT-VALUE}")
    private double warmup;

    @Option(names = "--connections", defaultValue = "16", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Requests a second; 0 for as many as go through. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--shadows", split = ",", paramLabel = "KIND", description = "Only these kinds.")
    private List<Shadow> shadows = new ArrayList<>(Arrays.asList(Shadow.values()));

    @Option(
            names = "--requests",
            split = ",",
            paramLabel = "KIND",
            description = "Only these: answers, uploads, large_uploads.")
    private List<Requests> requests = Arrays.asList(Requests.values());

    @Option(names = "--proxies", split = ",", paramLabel = "NAME", description = "Only these: turnout, nginx.")
    private List<ProxyName> proxies = Arrays.asList(ProxyName.values());

    @Option(names = "--publish", paramLabel = "FOLDER", description = "Also writes DATE-mirror.md there.")
    private @Nullable Path publish;

    private long failed;

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
        List<MirroringProxy> started = new ArrayList<>();
        try (HarnessLoop loop = HarnessLoop.start();
                Services services = Services.start(loop)) {
            try {
                for (ProxyName name : proxies) {
                    started.add(start(name, folder, services));
                }
                tell(measure(loop, services, started));
            } finally {
                started.forEach(MirroringProxy::close);
            }
        } catch (Refusal e) {
            System.err.println("bench: stopped: " + e.getMessage());
            return 1;
        }
        return failed > 0 ? 1 : 0;
    }

    private MirroringProxy start(ProxyName name, Path folder, Services services)
            throws IOException, InterruptedException, Refusal {
        Cores cores = new Cores(harnessCore == 0 ? 1 : 0, harnessCore);
        return switch (name) {
            case TURNOUT -> TurnoutRoutes.start(root, folder, services, cores);
            case NGINX -> NginxRoutes.start(folder, services, cores);
        };
    }

    private String measure(HarnessLoop loop, Services services, List<MirroringProxy> started)
            throws IOException, InterruptedException, Refusal {
        StringBuilder report = new StringBuilder(about());
        for (Requests kind : requests) {
            MirrorTable table = new MirrorTable(kind.title);
            warmUp(kind, loop, services, started);
            for (int round = 0; round < rounds; round++) {
                round(kind, loop, services, started, table);
            }
            report.append(table.print());
        }
        return report.toString();
    }

    private void round(
            Requests kind, HarnessLoop loop, Services services, List<MirroringProxy> started, MirrorTable table)
            throws IOException, InterruptedException {
        for (MirroringProxy proxy : started) {
            for (Shadow shadow : shadows) {
                if (proxy.shadows().contains(shadow)) {
                    Turn turn = turn(loop, services, proxy, shadow, plan(kind, proxy.target(shadow)), seconds);
                    failed += turn.failed();
                    table.add(proxy.name(), shadow, turn);
                }
            }
        }
    }

    private void warmUp(Requests kind, HarnessLoop loop, Services services, List<MirroringProxy> started)
            throws IOException, InterruptedException {
        for (MirroringProxy proxy : started) {
            for (Shadow shadow : shadows) {
                if (proxy.shadows().contains(shadow) && (shadow == Shadow.NONE || shadow.answers())) {
                    turn(loop, services, proxy, shadow, plan(kind, proxy.target(shadow)), warmup);
                }
            }
        }
    }

    private LoadPlan plan(Requests kind, InetSocketAddress target) {
        int atOnce = kind == Requests.LARGE_UPLOADS ? LARGE_AT_ONCE : connections;
        return rate > 0
                ? LoadPlan.fixed(target, kind.shape(), atOnce, rate)
                : LoadPlan.closed(target, kind.shape(), atOnce);
    }

    private Turn turn(
            HarnessLoop loop, Services services, MirroringProxy proxy, Shadow shadow, LoadPlan plan, double length)
            throws IOException, InterruptedException {
        ProcessTree tree = proxy.tree();
        try (LoadRun run = LoadRun.start(loop, plan)) {
            Thread.sleep(300);
            OptionalLong sentBefore = proxy.sent(shadow);
            long completedBefore = services.answered(shadow);
            run.beginWindow();
            double before = tree.cpuSeconds();
            Thread.sleep(Math.round(length * 1000));
            double cpu = tree.cpuSeconds() - before;
            LoadWindow window = run.endWindow();
            long completed = services.answered(shadow) - completedBefore;
            OptionalLong sent = proxy.sent(shadow);
            return new Turn(
                    window.answered(),
                    window.failed(),
                    sent.isPresent() ? OptionalLong.of(sent.getAsLong() - sentBefore.orElse(0)) : sent,
                    completed,
                    plan.connections(),
                    1e6 * cpu / Math.max(1, window.answered()),
                    window.fromDueNanos().getValueAtPercentile(50) / 1e3,
                    window.fromDueNanos().getValueAtPercentile(99) / 1e3,
                    tree.rssKib() / 1024.0);
        }
    }

    private String about() throws IOException, Refusal {
        StringBuilder text = new StringBuilder("# What copies cost the originals, measured " + today()
                + "\n\n`bench/mirror`, proxies pinned to one core, generator, backend and shadows to the other; "
                + (rate > 0 ? "%,.0f requests a second".formatted(rate) : "as many requests as go through")
                + ". Medians of "
                + rounds
                + " turns of %.0f s each; ratios are to the same proxy without a mirror in the same round: median"
                        .formatted(seconds)
                + " (lowest to highest). Copies sent are counted by the proxy a moment around the turn, completed ones by"
                + " the shadow.\n\n");
        MachineFacts.gather()
                .facts()
                .forEach((name, fact) ->
                        text.append("- ").append(name).append(": ").append(fact).append('\n'));
        if (proxies.contains(ProxyName.NGINX)) {
            text.append("- nginx: ").append(Command.firstLine("nginx", "-v")).append('\n');
        }
        return text.toString();
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    private void tell(String report) throws IOException {
        System.out.print(report);
        if (publish != null && failed == 0) {
            Files.writeString(publish.resolve(today() + "-mirror.md"), report);
        }
    }
}
