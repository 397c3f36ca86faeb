package io.turnout.app;

import io.turnout.demo.DemoBackend;
import io.turnout.demo.DemoLoad;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code turnout demo}: backends, proxy and load in one process, to play with. */
@Command(
        name = "demo",
        description = "Try Turnout without any setup: two backends, a gentle load and the proxy in one process.",
        footer = {"", "Edit the file it names while it runs, or use the commands it prints. Ctrl-C ends it."})
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
            description = "port of the admin API, 0 for any (default: ${DEFAULT-VALUE})")
    private int adminPort = 9900;

    @Option(
            names = "--rate",
            paramLabel = "RPS",
            defaultValue = "200",
            description = "requests per second, 1 to 2000 (default: ${DEFAULT-VALUE})")
    private int rate = 200;

    @Option(names = "--seconds", defaultValue = "0", description = "stop after so many seconds; 0: run until Ctrl-C")
    private int seconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (rate < 1 || rate > 2000) {
            spec.commandLine().getErr().println("turnout: found --rate " + rate + ", expected 1 to 2000");
            return 2;
        }
        Path folder = Files.createTempDirectory("turnout-demo-");
        Path file = folder.resolve("turnout.yaml");
        try (DemoBackend blue = DemoBackend.start("blue");
                DemoBackend green = DemoBackend.start("green")) {
            Files.writeString(file, config(blue, green));
            return play(out, file);
        } catch (StartFailure failure) {
            failure.lines().forEach(spec.commandLine().getErr()::println);
            return failure.exitCode();
        } finally {
            delete(folder);
        }
    }

    private String config(DemoBackend blue, DemoBackend green) {
        return """
                # The demo's configuration. Change the weights and save: the next line of the demo shows the new split.
                listeners:
                  - {name: web, address: 127.0.0.1:%d}
                admin: {address: 127.0.0.1:%d}

                pools:
                  blue: {endpoints: ["%s"]}
                  green: {endpoints: ["%s"]}

                routes:
                  - name: shop
                    split:
                      weights: {blue: 90, green: 10}
                      key: {cookie: uid}
                    guard: {stable: blue, compare: {to: stable}}
                """.formatted(port, adminPort, blue.address(), green.address());
    }

    private int play(PrintWriter out, Path file) throws StartFailure, InterruptedException {
        Turnout turnout = Turnout.start(file);
        Thread hook = new Thread(() -> stop(turnout, file), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        InetSocketAddress proxy = turnout.address("web");
        URI url = URI.create("http://127.0.0.1:" + proxy.getPort() + "/");
        introduce(out, url, turnout.adminAddress(), file);
        try (DemoLoad load = DemoLoad.start(url, rate)) {
            for (int second = 1; seconds == 0 || second <= seconds; second++) {
                TimeUnit.SECONDS.sleep(1);
                out.println(line(turnout, load.take()));
                out.flush();
            }
        }
        turnout.stop(Duration.ofSeconds(5));
        Runtime.getRuntime().removeShutdownHook(hook);
        return 0;
    }

    private static void introduce(PrintWriter out, URI url, InetSocketAddress admin, Path file) {
        String adminUrl = "http://127.0.0.1:" + admin.getPort();
        String option = admin.getPort() == 9900 ? "" : " --admin " + adminUrl;
        out.println();
        out.println("  proxy    " + url);
        out.println("  admin    " + adminUrl + "/");
        out.println("  config   " + file + "   (edit it, it reloads as you save)");
        out.println();
        out.println("  try      ./turnout switch shop green" + option);
        out.println("           ./turnout weights shop blue=50 green=50" + option);
        out.println("           ./turnout status" + option);
        out.println("           curl -X POST -H 'Content-Type: application/json' -d '{\"to\": \"blue\"}' \\");
        out.println("                " + adminUrl + "/api/v1/routes/shop/switch");
        out.println();
        out.flush();
    }

    private static String line(Turnout turnout, DemoLoad.Second second) {
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
        return line.toString();
    }

    private static String weights(Map<String, Integer> weights) {
        StringBuilder text = new StringBuilder();
        weights.forEach((pool, weight) ->
                text.append(text.isEmpty() ? "" : " ").append(pool).append('=').append(weight));
        return text.toString();
    }

    private static void stop(Turnout turnout, Path file) {
        turnout.stop(Duration.ofSeconds(2));
        Path folder = file.getParent();
        if (folder != null) {
            delete(folder);
        }
    }

    /** The demo's folder is its own; whatever is left in it is of no use to anybody. */
    private static void delete(Path folder) {
        try (var paths = Files.walk(folder)) {
            paths.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException e) {
            // It is a temporary folder: the system will clean up.
        }
    }
}
