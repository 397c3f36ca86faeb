package io.turnout.bench.scenario;

import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.machine.CpuWatch;
import io.turnout.bench.report.Figure;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Works figures out of what generator and operating system saw. Stateless. */
final class Figures {
    private static final double GB = 1e9;
    private static final double NANOS_PER_MICRO = 1000;

    private Figures() {}

    /** Everything that follows from a window of load; which of it a table shows is up to the scenario. */
    static EnumMap<Figure, Double> of(LoadWindow window, CpuWatch.Seen seen) {
        var figures = latencies(window);
        figures.put(Figure.REQUESTS_PER_SECOND, window.perSecond());
        figures.put(Figure.GB_PER_SECOND, window.bodyBytes() / GB / (window.elapsedNanos() / 1e9));
        figures.put(Figure.PROXY_BUSY_PERCENT, 100 * seen.proxyBusy());
        figures.put(Figure.HARNESS_BUSY_PERCENT, 100 * seen.harnessBusy());
        figures.put(Figure.STALL_MILLIS, seen.noise().longestStallMillis());
        if (window.answered() > 0) {
            figures.put(Figure.CPU_MICROS_PER_REQUEST, cpuMicros(seen.proxyCpuSeconds(), window.answered()));
            figures.put(Figure.HARNESS_MICROS_PER_REQUEST, cpuMicros(seen.harnessCpuSeconds(), window.answered()));
        }
        if (window.handshakes() > 0) {
            figures.put(Figure.RESUMED_PERCENT, 100.0 * window.resumed() / window.handshakes());
        }
        if (window.bodyBytes() > 0) {
            figures.put(Figure.CPU_SECONDS_PER_GB, seen.proxyCpuSeconds() * GB / window.bodyBytes());
        }
        return figures;
    }

    /** Only what clients see. */
    static EnumMap<Figure, Double> latencies(LoadWindow window) {
        var figures = new EnumMap<Figure, Double>(Figure.class);
        figures.put(Figure.P50_MICROS, micros(window.fromDueNanos(), 50));
        figures.put(Figure.P99_MICROS, micros(window.fromDueNanos(), 99));
        figures.put(Figure.P999_MICROS, micros(window.fromDueNanos(), 99.9));
        figures.put(Figure.SENT_P50_MICROS, micros(window.fromSentNanos(), 50));
        figures.put(Figure.SENT_P99_MICROS, micros(window.fromSentNanos(), 99));
        figures.put(Figure.SENT_P999_MICROS, micros(window.fromSentNanos(), 99.9));
        return figures;
    }

    /** Adds what the way through the proxy takes longer than the direct one of the same round. */
    static void addAdded(Map<Figure, Double> figures, Map<Figure, Double> direct) {
        figures.put(Figure.ADDED_P50_MICROS, difference(figures, direct, Figure.P50_MICROS));
        figures.put(Figure.ADDED_P99_MICROS, difference(figures, direct, Figure.P99_MICROS));
        figures.put(Figure.ADDED_P999_MICROS, difference(figures, direct, Figure.P999_MICROS));
    }

    static double cpuMicros(double cpuSeconds, long requests) {
        return cpuSeconds * 1e6 / requests;
    }

    private static double difference(Map<Figure, Double> figures, Map<Figure, Double> direct, Figure figure) {
        return figures.getOrDefault(figure, 0.0) - direct.getOrDefault(figure, 0.0);
    }

    private static double micros(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }
}
