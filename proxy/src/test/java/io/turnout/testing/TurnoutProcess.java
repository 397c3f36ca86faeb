package io.turnout.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The runnable jar in a process of its own, as an operator runs it. */
public final class TurnoutProcess implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Path config;
    private final int adminPort;
    private final Process process;
    private final Path log;

    private TurnoutProcess(Path config, int adminPort, Process process, Path log) {
        this.config = config;
        this.adminPort = adminPort;
        this.process = process;
        this.log = log;
    }

    /** Starts it with this file, whose admin port is given, and waits until it is ready. */
    public static TurnoutProcess start(Path config, int adminPort, String... jvmOptions) {
        TurnoutProcess started = launch(config, adminPort, jvmOptions);
        Awaitility.await("ready, see " + started.log)
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(started::isReady);
        return started;
    }

    /** Starts it without waiting. */
    public static TurnoutProcess launch(Path config, int adminPort, String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(Arrays.asList(jvmOptions));
        command.addAll(List.of("-jar", jar().toString(), "run", config.toString()));
        try {
            Path log = Files.createTempFile(config.toRealPath().getParent(), "turnout-", ".log")
                    .toRealPath();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new TurnoutProcess(config, adminPort, process, log);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path jar() {
        String jar = System.getProperty("turnout.jar");
        if (jar == null || !new File(jar).exists()) {
            throw new IllegalStateException("the runnable jar is missing: run mvn package first; found " + jar);
        }
        return Path.of(jar);
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("it ended with " + process.exitValue() + ":\n" + log());
        }
        try {
            return call("GET", "/readyz", "").statusCode() == 200;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    /** Makes an admin call; the body is JSON or empty. */
    public HttpResponse<String> call(String method, String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends all traffic of the route to a pool; returns when the call has. */
    public void switchTo(String route, String pool) {
        HttpResponse<String> answer = call("POST", "/api/v1/routes/" + route + "/switch", "{\"to\": \"" + pool + "\"}");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
    }

    /** Asks it to end, and waits until it has. */
    public int terminate() {
        process.destroy();
        return awaitExit();
    }

    /** Ends it without asking. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Waits for its end and answers its exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it does not end:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it has written. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** The file it was started with. */
    public Path config() {
        return config;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
