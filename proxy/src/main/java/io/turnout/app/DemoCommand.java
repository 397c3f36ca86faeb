package io.turnout.app;

import io.turnout.demo.Behaviour;
import io.turnout.demo.DemoBackend;
import io.turnout.demo.DemoBackends;
import io.turnout.demo.DemoCalls;
import io.turnout.demo.DemoKeys;
import io.turnout.demo.DemoLoad;
import io.turnout.demo.DemoStory;
import io.turnout.demo.TerminalKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code turnout demo}: backends, proxy, load and console in one process, to play with. */
@Command(
        name = "demo",
        description = "Try Turnout without any setup: two versions of a service, a thousand users, the proxy and its"
                + " console in one process.",
        footer = {
            "",
            "Open the address it prints first, and break green there or by the keys it names.",
            "Edit the file it names while it runs, or use the command line. Ctrl-C ends it.",
            "",
            "Examples:",
            "  turnout demo",
            "  turnout demo --story          shows everything by itself"
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "port of the proxy, 0 for any (default: ${DEFAULT-VALUE})")
    private int port = 8080;

    @Option(
            names = "--admin-port",
            defaultValue = "9900",
            description = "port of the console and the admin API, 0 for any (default: ${DEFAULT-VALUE})")
    private int adminPort = 9900;

    @Option(
            names = "--rate",
            paramLabel = "RPS",
            defaultValue = "200",
            description = "requests per second, 1 to 2000 (default: ${DEFAULT-VALUE})")
    private int rate = 200;

    @Option(names = "--seconds", defaultValue = "0", description = "stop after so many seconds; 0: run until Ctrl-C")
    private int seconds;

    @Option(names = "--story", description = "play a tour by itself, then go on")
    private boolean story;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (rate < 1 || rate > 2000) {
            spec.commandLine().getErr().println("turnout: found --rate " + rate + ", expected 1 to 2000");
            return 2;
        }
        Path folder = Files.createTempDirectory("turnout-demo-");
        Path file = folder.resolve("turnout.yaml");
        try (DemoBackends backends = DemoBackends.start()) {
            Files.writeString(file, config(backends));
            return play(out, file, backends.blue(), backends.green());
        } catch (StartFailure failure) {
            failure.lines().forEach(spec.commandLine().getErr()::println);
            return failure.exitCode();
        } finally {
            delete(folder);
        }
    }

    private String config(DemoBackends backends) {
        return """
                # The demo's configuration. Change the weights and save: the console shows the new split at once.
                listeners:
                  - {name: web, address: 127.0.0.1:%d}
                admin: {address: 127.0.0.1:%d}

                pools:
                  blue: {endpoints: %s, timeouts: {response: 2s}}
                  green: {endpoints: %s, timeouts: {response: 2s}}
                  shadow: {endpoints: %s}

                routes:
                  - name: shop
                    split:
                      weights: {blue: 100, green: 0}
                      key: {cookie: uid}
                    guard: {stable: blue, compare: {to: stable}}
                    mirror: {pool: shadow, percent: 10%%, compare: {}}
                    rollout: {canary: green, steps: [%s50%%, 100%%], hold: %s, control: {weight: 5%%, hold: %s}}
                """.formatted(
                        port,
                        adminPort,
                        backends.blue().addresses(),
                        backends.green().addresses(),
                        backends.shadow().addresses(),
                        story ? "25%, " : "10%, 25%, ",
                        story ? "6s" : "20s",
                        story ? "5s" : "15s");
    }

    @SuppressWarnings("try") // the tour is only held to be ended
    private int play(PrintWriter out, Path file, DemoBackend blue, DemoBackend green)
            throws StartFailure, InterruptedException {
        Turnout turnout = Turnout.start(file, new DemoCalls(blue, green).calls());
        URI admin = URI.create("http://127.0.0.1:" + turnout.adminAddress().getPort() + "/");
        URI url = URI.create("http://127.0.0.1:" + turnout.address("web").getPort() + "/");
        AtomicBoolean asked = new AtomicBoolean();
        DemoKeys keys = new DemoKeys(green, out, () -> asked.set(true));
        TerminalKeys terminal = TerminalKeys.follow(keys::onKey);
        Thread hook = new Thread(() -> stop(turnout, file, terminal), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        introduce(out, url, admin, file);
        try (terminal;
                DemoLoad load = DemoLoad.start(url, rate);
                DemoStory tour =
                        story ? DemoStory.tour(admin, green, load, out) : DemoStory.opening(admin, green, load, out)) {
            for (int second = 1; !asked.get() && (seconds == 0 || second <= seconds); second++) {
                TimeUnit.SECONDS.sleep(1);
                out.println(line(turnout, load.take(), green.behaviour()));
                out.flush();
            }
        }
        turnout.stop(Duration.ofSeconds(5));
        Runtime.getRuntime().removeShutdownHook(hook);
        return 0;
    }

    private static void introduce(PrintWriter out, URI url, URI admin, Path file) {
        String option = admin.getPort() == 9900 ? "" : " --admin http://127.0.0.1:" + admin.getPort();
        out.println();
        out.println("  console  " + admin + "   (open it; break green there and watch)");
        out.println("  proxy    " + url);
        out.println("  config   " + file + "   (edit it, it reloads as you save)");
        out.println();
        out.println("  keys     " + DemoKeys.LEGEND);
        out.println("  try      ./turnout switch shop green" + option);
        out.println("           ./turnout weights shop blue=50 green=50" + option);
        out.println("           ./turnout status" + option);
        out.println();
        out.flush();
    }

    private static String line(Turnout turnout, DemoLoad.Second second, Behaviour green) {
        var route = turnout.control().route("shop");
        long total =
                second.byVersion().values().stream().mapToLong(Long::longValue).sum();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "gen %-3d weights %-22s  %4d req/s ",
                turnout.control().generation(),
                route == null ? "route shop is gone" : weights(route.weights()),
                total));
        second.byVersion()
                .forEach((version, count) ->
                        line.append(String.format(Locale.ROOT, "  %s %5.1f %%", version, 100.0 * count / total)));
        line.append(String.format(
                Locale.ROOT,
                "   p50 %.1f ms  p99 %.1f ms   failed %d",
                second.p50Micros() / 1000.0,
                second.p99Micros() / 1000.0,
                second.failed()));
        return line + (green.equals(Behaviour.FINE) ? "" : "   green " + green.inWords());
    }

    private static String weights(Map<String, Integer> weights) {
        StringBuilder text = new StringBuilder();
        weights.forEach((pool, weight) ->
                text.append(text.isEmpty() ? "" : " ").append(pool).append('=').append(weight));
        return text.toString();
    }

    private static void stop(Turnout turnout, Path file, TerminalKeys terminal) {
        terminal.close();
        turnout.stop(Duration.ofSeconds(2));
        Path folder = file.getParent();
        if (folder != null) {
            delete(folder);
        }
    }

    /** The demo's folder is its own; whatever is left in it is of no use to anybody. */
    private static void delete(Path folder) {
        try (var paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException e) {
            // It is a temporary folder: the system will clean up.
        }
    }
}
