package io.turnout.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady load from a process of its own: keep-alive connections that each send a GET, read the whole answer, and go on.
 *
 * <p>What counts as failed: any request that was sent and did not get a whole 200. A connection that cannot be opened is
 * counted apart and tried again; a connection is given up only when its last answer said {@code close}.
 */
public final class SteadyLoad implements AutoCloseable {
    private final Process process;
    private final Writer toProcess;

    private SteadyLoad(Process process) {
        this.process = process;
        toProcess = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /**
     * What happened.
     *
     * @param answers whole answers of 200, by body
     * @param failed requests sent without a whole 200 coming back
     * @param refused connections that could not be opened
     * @param failures the first failures in words
     */
    public record Report(Map<String, Long> answers, long failed, long refused, List<String> failures) {
        /** Whole answers of 200. */
        public long answered() {
            return answers.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Starts the process and waits until it sends. */
    public static SteadyLoad start(int port, int connections, int requestsPerSecond) {
        try {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-XX:+UseSerialGC",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SteadyLoad.class.getName(),
                            Integer.toString(port),
                            Integer.toString(connections),
                            Integer.toString(requestsPerSecond))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new SteadyLoad(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the load and says what happened. */
    public Report stop() {
        try {
            toProcess.write("stop\n");
            toProcess.flush();
            Map<String, Long> answers = new TreeMap<>();
            List<String> failures = new ArrayList<>();
            long failed = 0;
            long refused = 0;
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line; (line = out.readLine()) != null; ) {
                String[] parts = line.split(" ", 3);
                switch (parts[0]) {
                    case "answer" -> answers.put(parts[1], Long.parseLong(parts[2]));
                    case "failed" -> failed = Long.parseLong(parts[1]);
                    case "refused" -> refused = Long.parseLong(parts[1]);
                    default -> failures.add(line);
                }
            }
            process.waitFor();
            return new Report(answers, failed, refused, failures);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // ---- inside the process --------------------------------------------------------------------------------------

    private static final Map<String, AtomicLong> ANSWERS = new ConcurrentHashMap<>();
    private static final AtomicLong FAILED = new AtomicLong();
    private static final AtomicLong REFUSED = new AtomicLong();
    private static final List<String> FAILURES = new ArrayList<>();
    private static volatile boolean stopping;

    /** Runs the load: port, connections, requests per second. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        long pauseNanos = 1_000_000_000L * connections / Integer.parseInt(arguments[2]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(() -> run(port, pauseNanos), "connection-" + i);
            threads.add(thread);
            thread.start();
        }
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        Writer out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
        for (Map.Entry<String, AtomicLong> entry : ANSWERS.entrySet()) {
            out.write("answer " + entry.getKey() + " " + entry.getValue() + "\n");
        }
        out.write("failed " + FAILED + "\nrefused " + REFUSED + "\n");
        for (String failure : FAILURES) {
            out.write("failure " + failure + "\n");
        }
        out.flush();
    }

    private static void run(int port, long pauseNanos) {
        long due = System.nanoTime();
        while (!stopping) {
            RawClient client;
            try {
                client = RawClient.connect(port);
            } catch (UncheckedIOException e) {
                REFUSED.incrementAndGet();
                LockSupport.parkNanos(20_000_000);
                continue;
            }
            try (client) {
                boolean kept = true;
                while (kept && !stopping) {
                    kept = send(client);
                    due = Math.max(due + pauseNanos, System.nanoTime() - 1_000_000_000L);
                    LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
                }
            }
        }
    }

    private static boolean send(RawClient client) {
        try {
            RawClient.Answer answer = client.get("/");
            if (answer.status() != 200 || !answer.whole()) {
                onFailure(answer.head() + answer.text());
                return false;
            }
            ANSWERS.computeIfAbsent(answer.text(), body -> new AtomicLong()).incrementAndGet();
            return !"close".equals(answer.field("connection"));
        } catch (UncheckedIOException e) {
            onFailure(e.toString());
            return false;
        }
    }

    private static void onFailure(String text) {
        FAILED.incrementAndGet();
        synchronized (FAILURES) {
            if (FAILURES.size() < 5) {
                FAILURES.add(java.time.Instant.now() + " " + text.replaceAll("\\s+", " "));
            }
        }
    }
}
