package io.turnout.bench.guard;

import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.JavaStart;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turnout in a process of its own, with a split that starts at all for stable. Confined to the thread of its story. */
final class TrialProxy implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Pattern STATE =
            Pattern.compile("\"guard\":\\{\"state\":\"(\\w+)\",\"text\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern GENERATION = Pattern.compile("\"generation\":(\\d+)");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final Path folder;
    private final int port;
    private final int adminPort;
    private final Process process;

    /** Whether Turnout judges here, or only splits while another rule looks on. */
    enum Guarding {
        ON,
        OFF
    }

    /** What its guard says of the route. */
    record Verdict(String state, String text) {}

    private TrialProxy(Path folder, int port, int adminPort, Process process) {
        this.folder = folder;
        this.port = port;
        this.adminPort = adminPort;
        this.process = process;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @throws Refusal if it does not come up
     */
    static TrialProxy start(
            Path jar, JavaStart java, Path folder, Guarding guarding, List<FaultyService> stable, FaultyService canary)
            throws IOException, Refusal {
        Files.createDirectories(folder);
        int port = freePort();
        int adminPort = freePort();
        Path file = folder.resolve("turnout.yaml");
        Files.writeString(file, config(folder, port, adminPort, guarding, stable, canary));
        var command = new ArrayList<>(java.command());
        command.addAll(List.of("-jar", jar.toString(), "run", file.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("turnout.log").toFile())
                .start();
        TrialProxy proxy = new TrialProxy(folder, port, adminPort, process);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "proxy-killer"));
        proxy.awaitReady();
        return proxy;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String config(
            Path folder, int port, int adminPort, Guarding guarding, List<FaultyService> stable, FaultyService canary) {
        String guard = guarding == Guarding.ON ? "    guard: {stable: stable, compare: {to: stable}}\n" : "";
        return """
                workers: 1
                listeners: [{name: web, address: 127.0.0.1:%d}]
                admin: {address: 127.0.0.1:%d}
                state: {path: %s}
                accessLog: {format: json, path: %s}
                pools:
                  stable: {endpoints: [%s]}
                  canary: {endpoints: [127.0.0.1:%d]}
                routes:
                  - name: shop
                    split: {weights: {stable: 100, canary: 0}}
                %s""".formatted(
                port,
                adminPort,
                folder.resolve("state"),
                folder.resolve("access.log"),
                stable.stream().map(service -> "127.0.0.1:" + service.port()).collect(Collectors.joining(", ")),
                canary.port(),
                guard);
    }

    private void awaitReady() throws Refusal, IOException {
        long until = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() > until) {
                close();
                throw new Refusal(
                        "turnout did not come up; it said: " + Files.readString(folder.resolve("turnout.log")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean isReady() {
        try {
            return send(HttpRequest.newBuilder(uri("/readyz")).GET()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    InetSocketAddress target() {
        return HarnessLoop.loopback(port);
    }

    /** Gives the canary its share, in percent. */
    void weigh(int canaryPercent) throws IOException {
        String body = "{\"weights\":{\"stable\":%d,\"canary\":%d},\"reason\":\"the trial begins\"}"
                .formatted(100 - canaryPercent, canaryPercent);
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/api/v1/routes/shop/weights"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        if (answer.statusCode() != 200) {
            throw new IOException("weights were not taken: " + answer.body());
        }
    }

    Verdict verdict() throws IOException {
        String route =
                send(HttpRequest.newBuilder(uri("/api/v1/routes/shop")).GET()).body();
        Matcher matcher = STATE.matcher(route);
        if (!matcher.find()) {
            throw new IOException("found no state of the guard in " + route);
        }
        return new Verdict(
                matcher.group(1), matcher.group(2).replace("\\n", "\n").replace("\\\"", "\""));
    }

    /** Stops it, and counts what its access log says was routed to the canary by its last generation. */
    long routedToCanaryByLastGeneration() throws IOException {
        long last = generation();
        stop();
        String pool = "\"pool\":\"canary\"";
        String generation = "\"generation\":" + last + ",";
        try (Stream<String> lines = Files.lines(folder.resolve("access.log"))) {
            return lines.filter(line -> line.contains(pool) && line.contains(generation))
                    .count();
        }
    }

    private long generation() throws IOException {
        Matcher matcher = GENERATION.matcher(
                send(HttpRequest.newBuilder(uri("/api/v1/status")).GET()).body());
        if (!matcher.find()) {
            throw new IOException("found no generation in the status");
        }
        return Long.parseLong(matcher.group(1));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + adminPort + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Politely: the access log is written to its end. */
    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
