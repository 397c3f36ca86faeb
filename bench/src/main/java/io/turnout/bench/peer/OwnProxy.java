package io.turnout.bench.peer;

import io.turnout.bench.machine.Cores;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Turnout in a process of its own with a file of ours, ready. Safe for any thread. */
public final class OwnProxy implements AutoCloseable {
    private final Process process;

    private OwnProxy(Process process) {
        this.process = process;
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts the jar below {@code root} and waits until it is ready.
     *
     * @param adminPort as the file has it
     */
    public static OwnProxy start(Path root, Path file, int adminPort) throws IOException, InterruptedException {
        return start(command(root, file), file, adminPort);
    }

    /** The same, alone on the proxy's core. */
    public static OwnProxy startPinned(Path root, Path file, int adminPort, Cores cores)
            throws IOException, InterruptedException {
        return start(cores.pinnedToProxy(command(root, file)), file, adminPort);
    }

    private static List<String> command(Path root, Path file) {
        List<String> command = new ArrayList<>(JavaStart.likeOurs(List.of()).command());
        command.addAll(List.of("-jar", root.resolve("proxy/target/turnout.jar").toString(), "run", file.toString()));
        return command;
    }

    private static OwnProxy start(List<String> command, Path file, int adminPort)
            throws IOException, InterruptedException {
        Path log = file.resolveSibling("turnout.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "proxy-killer"));
        URI ready = URI.create("http://127.0.0.1:" + adminPort + "/readyz");
        for (int i = 0; i < 600 && process.isAlive(); i++) {
            if (isReady(ready)) {
                return new OwnProxy(process);
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IOException("turnout did not come up; it said: " + Files.readString(log));
    }

    private static boolean isReady(URI ready) {
        try {
            return ((HttpURLConnection) ready.toURL().openConnection()).getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The process, to be looked at. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
