package io.turnout.bench.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code bench/soak [SECONDS]}: runs Turnout between clients that come, go and break off and a backend that fails now and
 * then, reloads its file every two seconds, and says whether memory, descriptors or threads grow.
 *
 * <p>The first third of the run is warm-up. Of the rest, the median of the first half is held against that of the second.
 */
public final class Soak {
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(1);
    private static final int RELOAD_EVERY = 2;

    /** Growth that is still noise, for bytes as a share and for counts as a number. */
    private static final double SHARE = 0.10;

    private static final long NUMBER = 12;

    private Soak() {}

    /** Runs; exits with 1 when something grows. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path jar = Path.of(arguments[0]);
        int seconds = arguments.length > 1 ? seconds(arguments[1]) : 1800;
        System.exit(run(jar, seconds) ? 0 : 1);
    }

    private static int seconds(String argument) {
        if (argument.matches("[1-9][0-9]{0,5}")) {
            return Integer.parseInt(argument);
        }
        System.err.println("bench/soak: found " + argument + ", expected a number of seconds");
        System.exit(2);
        return 0;
    }

    private static boolean run(Path jar, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("turnout-soak-");
        Path file = folder.resolve("turnout.yaml");
        int port = freePort();
        int adminPort = freePort();
        try (FaultyBackend backend = FaultyBackend.start()) {
            write(file, config(port, adminPort, backend.port(), 0));
            Process turnout = start(jar, file, folder.resolve("log.txt"));
            Vitals vitals = new Vitals(turnout.pid(), adminPort);
            try (Churn churn = Churn.start(port)) {
                List<Vitals.Sample> samples = new ArrayList<>();
                for (int second = 1; second <= seconds && turnout.isAlive(); second++) {
                    TimeUnit.NANOSECONDS.sleep(BETWEEN_SAMPLES.toNanos());
                    if (second % RELOAD_EVERY == 0) {
                        write(file, config(port, adminPort, backend.port(), second));
                    }
                    if (second > seconds / 3) {
                        samples.add(vitals.take());
                    }
                }
                boolean alive = turnout.isAlive();
                System.out.printf(
                        Locale.ROOT, "%d s, %s, %d reloads%n", seconds, churn.summary(), seconds / RELOAD_EVERY);
                boolean steady = report(samples);
                return steady && alive;
            } finally {
                turnout.destroy();
                if (!turnout.waitFor(10, TimeUnit.SECONDS)) {
                    turnout.destroyForcibly();
                }
            }
        }
    }

    private static Process start(Path jar, Path file, Path log) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process turnout = new ProcessBuilder(
                        java,
                        "-Xms128m",
                        "-Xmx128m",
                        // All of the heap is there from the start, so that what grows lies outside of it.
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-jar",
                        jar.toString(),
                        "run",
                        "--drain",
                        "1",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        TimeUnit.SECONDS.sleep(3);
        return turnout;
    }

    /** Replaced as an editor would, so that no half of it is ever read. */
    private static void write(Path file, String yaml) throws IOException {
        Path fresh = file.resolveSibling("fresh");
        Files.writeString(fresh, yaml);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Weights, a route and a pool come and go with the turn. */
    private static String config(int port, int adminPort, int backendPort, int turn) {
        String extra = turn / RELOAD_EVERY % 2 == 0 ? "" : "  passing: [\"127.0.0.1:" + backendPort + "\"]\n";
        String route = extra.isEmpty() ? "" : "  - {name: passing, match: {path: {prefix: /p}}, split: {passing: 1}}\n";
        return "listeners: [{name: web, address: \"127.0.0.1:" + port + "\"}]\n"
                + "admin: {address: \"127.0.0.1:" + adminPort + "\"}\n"
                + "pools:\n"
                + "  blue: {endpoints: [\"127.0.0.1:" + backendPort + "\"], timeouts: {response: 500ms}}\n"
                + "  green: {endpoints: [\"127.0.0.1:" + backendPort + "\"], timeouts: {response: 500ms}}\n"
                + extra
                + "routes:\n"
                + route
                + "  - {name: all, split: {blue: " + (turn % 100 + 1) + ", green: 50}}\n";
    }

    private static boolean report(List<Vitals.Sample> samples) {
        System.out.printf("%-22s %14s %14s  %s%n", "median of", "first half", "second half", "verdict");
        List<Vitals.Sample> first = samples.subList(0, samples.size() / 2);
        List<Vitals.Sample> second = samples.subList(samples.size() / 2, samples.size());
        boolean flat = true;
        for (Vitals.Measure measure : Vitals.Measure.values()) {
            long before = median(first, measure);
            long after = median(second, measure);
            long allowed = measure.inBytes() ? (long) (before * SHARE) + (1 << 20) : NUMBER;
            boolean grows = after - before > allowed;
            flat &= !grows;
            System.out.printf("%-22s %14d %14d  %s%n", measure.text(), before, after, grows ? "GROWS" : "flat");
        }
        return flat;
    }

    private static long median(List<Vitals.Sample> samples, Vitals.Measure measure) {
        long[] sorted = samples.stream()
                .mapToLong(sample -> sample.value(measure))
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
