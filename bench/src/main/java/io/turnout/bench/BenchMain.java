package io.turnout.bench;

import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.MachineFacts;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.JavaStart;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.peer.Peers;
import io.turnout.bench.report.BenchResult;
import io.turnout.bench.report.MarkdownReport;
import io.turnout.bench.report.ScenarioResult;
import io.turnout.bench.scenario.Bench;
import io.turnout.bench.scenario.Scenario;
import io.turnout.bench.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Measures proxies side by side. Ends with 0 and tables, or with 1 and the reason why there are none; with 2 when the
 * call itself was wrong.
 */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        description = "Measures Turnout and its peers side by side.",
        footer =
                "Scenarios: keep-alive, split, everything, churn, bodies, uploads, rate, reload, tls, handshakes,"
                        + " resumptions, h2c, h2-tls, h2-upstream, loops, idle, cold-start, big-bodies, wrk-agreement. Method: docs/benchmarks/README.md")
public final class BenchMain implements Callable<Integer> {
    @Mixin
    private BenchOptions options = new BenchOptions();

    private final Instant started = Instant.now();
    private final List<ScenarioResult> results = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    private BenchMain() {}

    /** Runs the bench and ends the process. */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new BenchMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<BenchResult.MeasuredPeer> versions = List.of();
        Optional<String> stoppedBy = Optional.empty();
        try {
            List<Peer> peers = new Peers(options.turnoutJar(), options.jvmPeers()).named(options.peers());
            List<Scenario> scenarios = options.scenarios();
            Cores cores = options.cores();
            versions = Preflight.versions(peers);
            Preflight.requirePinning(cores);
            Preflight.requireFree(Bench.ports(options.basePort(), peers.size()));
            refuseOrDoubt(Preflight.busy(cores));
            measure(peers, scenarios, cores);
        } catch (Refusal e) {
            stoppedBy = Optional.ofNullable(e.getMessage());
        }
        BenchResult result = new BenchResult(
                started,
                MachineFacts.gather().facts(),
                described(),
                versions,
                options.baseline(),
                results,
                doubts,
                leftOut,
                stoppedBy);
        return finish(result);
    }

    private void refuseOrDoubt(Optional<String> busy) throws Refusal {
        if (busy.isEmpty()) {
            return;
        }
        if (!options.allowsBusyCores()) {
            throw new Refusal(busy.get() + "; wait, or try things out with --allow-busy");
        }
        doubts.add(busy.get());
    }

    private void measure(List<Peer> peers, List<Scenario> scenarios, Cores cores)
            throws Refusal, IOException, InterruptedException {
        Path folder = options.workFolder();
        JavaStart java = JavaStart.likeOurs(options.javaOptions());
        try (Bench bench =
                new Bench(peers, cores, options.budget(), java, folder, options.basePort(), BenchMain::say)) {
            for (Scenario scenario : scenarios) {
                ScenarioResult result =
                        new ScenarioResult(scenario.name(), scenario.title(), scenario.figures(), scenario.run(bench));
                results.add(result);
                if (result.isMostlyNoisy()) {
                    doubts.add(scenario.name() + ": more than half of its measurements were disturbed");
                }
            }
            doubts.addAll(bench.doubts());
            leftOut.addAll(bench.leftOut());
        }
    }

    private Map<String, String> described() {
        var described = new TreeMap<>(options.described());
        described.put(
                "javaFlags",
                String.join(" ", JavaStart.likeOurs(options.javaOptions()).flags()));
        return described;
    }

    private int finish(BenchResult result) throws IOException {
        Publication publication = new Publication(result);
        Path raw = publication.writeRaw(options.resultFolder());
        if (result.stoppedBy().isPresent()) {
            say("stopped, no table: " + result.stoppedBy().get());
            say("what was measured until then is in " + raw);
            return 1;
        }
        System.out.print(MarkdownReport.write(result));
        say("all rounds are in " + raw);
        Optional<Path> publish = options.publishFolder();
        if (publish.isEmpty()) {
            return 0;
        }
        if (!result.doubts().isEmpty()) {
            say("not published, for these figures must not be trusted: " + result.doubts());
            return 1;
        }
        say("published " + publication.publish(publish.get()));
        return 0;
    }

    private static void say(String line) {
        System.err.println("bench: " + line);
    }

    static List<Scenario> scenariosOf(List<String> names, boolean quick) throws Refusal {
        if (!names.isEmpty()) {
            return Scenarios.named(names);
        }
        return quick ? Scenarios.quick() : Scenarios.all();
    }
}
