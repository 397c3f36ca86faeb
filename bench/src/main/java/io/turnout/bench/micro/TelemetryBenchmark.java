package io.turnout.bench.micro;

import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import io.turnout.telemetry.VariantSeries;
import io.turnout.telemetry.VariantTotals;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to record an exchange on its loop, and to read the counts from outside. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TelemetryBenchmark {
    private static final int ROTATED = 4096;
    private static final long SEED = 20_261_121;

    private final VariantSeries series = new VariantSeries("shop", "green", 1);
    private final VariantMeter meter = series.draft(1, 100);
    private final VariantMeter.Cell cell = meter.cell(0);
    private final EndpointMeter.Cell endpoint = new EndpointMeter(1).cell(0);
    private final LoopMeter loop = new LoopMeter();
    private final long[] latenciesMicros = new long[ROTATED];
    private int next;

    /** Draws latencies as services have them: mostly short, with a long tail. */
    @Setup
    public void setUp() {
        series.begin(meter, 0);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < ROTATED; i++) {
            latenciesMicros[i] = (long) (500 * Math.exp(2 * random.nextDouble() * random.nextDouble() * 3));
        }
    }

    /** The bucket of a latency alone. */
    @Benchmark
    public int bucketOfLatency() {
        return LatencyScale.bucketOf(nextMicros());
    }

    /** Everything that is counted for one successful exchange. */
    @Benchmark
    public VariantMeter.Cell recordExchange() {
        long micros = nextMicros();
        loop.increment(LoopMeter.Count.EXCHANGES_ACTIVE);
        cell.onStarted(Weight.EVIDENCE);
        endpoint.onRequest();
        endpoint.onRequestEnd(false);
        cell.onFinished(Weight.EVIDENCE, Outcome.SUCCESS, 200, micros / 2, micros);
        loop.add(LoopMeter.Count.EXCHANGES_ACTIVE, -1);
        return cell;
    }

    /** Reads all counts of one variant, as the guard does each tick and a scrape each time. */
    @Benchmark
    public VariantTotals readTotals() {
        return series.totals();
    }

    private long nextMicros() {
        next = (next + 1) & (ROTATED - 1);
        return latenciesMicros[next];
    }
}
