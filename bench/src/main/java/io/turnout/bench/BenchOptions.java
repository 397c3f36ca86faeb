package io.turnout.bench;

import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.scenario.Budget;
import io.turnout.bench.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the bench is called. Filled once, by the command line, then only read. */
final class BenchOptions {
    private static final long MIB = 1024 * 1024;

    @Option(names = "--quick", description = "A look in less than three minutes: fewer scenarios, short rounds.")
    private boolean quick;

    @Option(names = "--scenarios", split = ",", paramLabel = "NAME", description = "Only these, in this order.")
    private List<String> scenarioNames = new ArrayList<>();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description =
                    "haproxy, nginx, turnout, turnout-io_uring, turnout-unguarded, undertow, vertx, spring. Default: ${DEFAULT-VALUE}",
            defaultValue = "haproxy,nginx,turnout")
    private List<String> peerNames = new ArrayList<>();

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            description = "The peer that ratios are taken to. Default: ${DEFAULT-VALUE}",
            defaultValue = "haproxy")
    private String baselineName = "haproxy";

    @Option(names = "--rounds", description = "Interleaved rounds. Default: 3, with --quick 2")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", description = "Length of what is counted in a round. Default: 10, with --quick 2")
    private @Nullable Double seconds;

    @Option(
            names = "--warmup",
            description =
                    "Seconds of load on a JVM before its first round; up to three times that, but not with --quick, while it"
                            + " still gets faster. Default: 20, with --quick 5")
    private @Nullable Double warmup;

    @Option(names = "--connections", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--rate",
            defaultValue = "7000",
            description = "Requests a second of scenario rate. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--idle-connections", description = "Of scenario idle. Default: 2000, with --quick 500")
    private @Nullable Integer idleConnections;

    @Option(names = "--body-mib", description = "Length of a big body in MiB. Default: 10240, with --quick 512")
    private @Nullable Long bodyMib;

    @Option(
            names = "--reader-mib-per-second",
            defaultValue = "256",
            description = "How fast a big body is read. Default: ${DEFAULT-VALUE}")
    private long readerMibPerSecond;

    @Option(names = "--proxy-core", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}")
    private int proxyCore;

    @Option(names = "--harness-core", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
    private int harnessCore;

    @Option(
            names = "--base-port",
            defaultValue = "18400",
            description = "The first port; three for the backends and six for each peer. Default: ${DEFAULT-VALUE}")
    private int basePort;

    @Option(names = "--java-option", paramLabel = "FLAG", description = "One more flag for JVM peers; may be repeated.")
    private List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--publish",
            paramLabel = "FOLDER",
            description = "Also writes rounds, table and plots there, unless something speaks against the figures.")
    private @Nullable Path publish;

    @Option(
            names = "--allow-busy",
            description = "Goes on although the cores are busy; every result then says not to trust it.")
    private boolean allowBusy;

    @Option(names = "--root", hidden = true, required = true, description = "The project's folder, set by bench/run.")
    private Path root = Path.of(".");

    List<Scenario> scenarios() throws Refusal {
        return BenchMain.scenariosOf(scenarioNames, quick);
    }

    List<String> peers() {
        return List.copyOf(peerNames);
    }

    String baseline() {
        return baselineName;
    }

    Cores cores() {
        return new Cores(proxyCore, harnessCore);
    }

    int basePort() {
        return basePort;
    }

    List<String> javaOptions() {
        return List.copyOf(javaOptions);
    }

    boolean allowsBusyCores() {
        return allowBusy;
    }

    Optional<Path> publishFolder() {
        return Optional.ofNullable(publish);
    }

    Path turnoutJar() {
        return root.resolve("proxy/target/turnout.jar");
    }

    /** The other proxies on the JVM. */
    Path jvmPeers() {
        return root.resolve("bench/peers").toAbsolutePath();
    }

    /** Configurations and logs of peers. */
    Path workFolder() {
        return root.resolve("bench/target/peers").toAbsolutePath();
    }

    /** Result files of all runs. */
    Path resultFolder() {
        return root.resolve("bench/target/results");
    }

    Budget budget() {
        return new Budget(
                rounds != null ? rounds : quick ? 2 : 3,
                warmSeconds(),
                quick ? warmSeconds() : 3 * warmSeconds(),
                quick ? 1 : 2,
                quick ? .5 : 1,
                seconds != null ? seconds : quick ? 2 : 10,
                connections,
                rate,
                idleConnections != null ? idleConnections : quick ? 500 : 2000,
                (bodyMib != null ? bodyMib : quick ? 512 : 10240) * MIB,
                readerMibPerSecond * MIB);
    }

    private double warmSeconds() {
        return warmup != null ? warmup : quick ? 5 : 20;
    }

    /** As result files tell it. */
    Map<String, String> described() {
        var described = new TreeMap<String, String>();
        Budget budget = budget();
        described.put("budget", budget.toString());
        described.put("peers", String.join(",", peerNames));
        described.put("cores", "proxy " + proxyCore + ", harness " + harnessCore);
        described.put("quick", Boolean.toString(quick));
        described.put("scenarios", scenarioNames.isEmpty() ? "default" : String.join(",", scenarioNames));
        return described;
    }
}
