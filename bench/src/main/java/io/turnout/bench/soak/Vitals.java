package io.turnout.bench.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** What is measured of the process: from {@code /proc} and from its own metrics. Confined to one thread. */
final class Vitals {
    /** One figure. */
    enum Measure {
        RSS("resident memory, bytes", true),
        DIRECT("direct memory, bytes", true),
        DESCRIPTORS("file descriptors", false),
        THREADS("threads", false);

        private final String text;
        private final boolean inBytes;

        Measure(String text, boolean inBytes) {
            this.text = text;
            this.inBytes = inBytes;
        }

        String text() {
            return text;
        }

        boolean inBytes() {
            return inBytes;
        }
    }

    /** All figures of one moment. */
    record Sample(Map<Measure, Long> values) {
        long value(Measure measure) {
            return values.getOrDefault(measure, 0L);
        }
    }

    private final Path proc;
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest metrics;

    Vitals(long pid, int adminPort) {
        proc = Path.of("/proc", Long.toString(pid));
        metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
                .build();
    }

    Sample take() throws IOException, InterruptedException {
        String status = Files.readString(proc.resolve("status"));
        String page = http.send(metrics, HttpResponse.BodyHandlers.ofString()).body();
        Map<Measure, Long> values = new EnumMap<>(Measure.class);
        values.put(Measure.RSS, number(status, "VmRSS:") * 1024);
        values.put(Measure.THREADS, number(status, "Threads:"));
        values.put(Measure.DESCRIPTORS, entries(proc.resolve("fd")));
        values.put(Measure.DIRECT, number(page, "turnout_netty_direct_memory_bytes "));
        return new Sample(values);
    }

    private static long entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number behind a name at the start of a line; 0 when it is not there. */
    private static long number(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s")[0])
                .mapToLong(value -> (long) Double.parseDouble(value))
                .findFirst()
                .orElse(0);
    }
}
