package io.turnout.control;

import io.turnout.telemetry.VariantSeries;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How many requests per second each variant got of late. Sampled by the control thread; {@link #perSecond} is safe for any
 * thread, by one volatile field of an immutable value.
 */
final class RequestRates implements Routine {
    private static final long SAMPLE_NANOS = 1_000_000_000L;

    /** Samples kept: the rates are means over ten seconds. */
    private static final int SAMPLES = 11;

    private final Supplier<List<VariantSeries>> series;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private volatile Map<VariantSeries, Double> rates = Map.of();

    RequestRates(Supplier<List<VariantSeries>> series) {
        this.series = series;
    }

    private record Sample(long nanos, Map<VariantSeries, Long> started) {}

    @Override
    public List<Command> onTick(long nowNanos) {
        Sample newest = samples.peekLast();
        if (newest == null || nowNanos - newest.nanos >= SAMPLE_NANOS) {
            sample(nowNanos);
        }
        return List.of();
    }

    private void sample(long nowNanos) {
        Map<VariantSeries, Long> started = new HashMap<>();
        series.get().forEach(one -> started.put(one, one.totals().started()));
        samples.addLast(new Sample(nowNanos, started));
        if (samples.size() > SAMPLES) {
            samples.removeFirst();
        }
        Map<VariantSeries, Double> next = new HashMap<>();
        started.forEach((one, count) -> next.put(one, rate(one, count, nowNanos)));
        rates = next;
    }

    /** Over the samples that know the series; a series that is new begins at nothing, not in the middle. */
    private double rate(VariantSeries one, long count, long nowNanos) {
        for (Sample sample : samples) {
            Long before = sample.started.get(one);
            if (before != null) {
                double seconds = (nowNanos - sample.nanos) / 1e9;
                return seconds > 0 ? (count - before) / seconds : 0;
            }
        }
        return 0;
    }

    /** Mean of the last ten seconds; 0 before the second sample. */
    double perSecond(VariantSeries one) {
        return rates.getOrDefault(one, 0.0);
    }
}
