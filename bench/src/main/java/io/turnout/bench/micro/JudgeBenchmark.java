package io.turnout.bench.micro;

import io.turnout.judge.ArmSample;
import io.turnout.judge.Judge;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.TickSample;
import io.turnout.judge.Verdict;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a tick of the judge costs: ten a second for each canary. Run with {@code -prof gc} to see what it allocates; the
 * samples are drawn before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class JudgeBenchmark {
    private static final int ROTATED = 256;
    private static final long TICK_NANOS = 100_000_000;
    private static final double ERRORS = 0.01;
    private static final long SEED = 20_261_121;

    /** Requests a second on both arms together. */
    @Param({"1000", "10000"})
    public int perSecond;

    private final Judge judge = new Judge(JudgePlan.DEFAULT);
    private final TickSample[] samples = new TickSample[ROTATED];
    private int next;

    /**
     * Draws ticks of a canary at 5 % that is a little better than stable: the same ticks come again and again, and a
     * bad draw would end the trial, after which there is nothing left to do.
     */
    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(SEED);
        int canary = perSecond / 10 / 20;
        for (int i = 0; i < ROTATED; i++) {
            samples[i] = new TickSample().begin(0.05, 1, TICK_NANOS);
            fill(samples[i].canary(), canary, 0.5 * ERRORS, 0.9, random);
            fill(samples[i].stable(), perSecond / 10 - canary, ERRORS, 1, random);
        }
    }

    private static void fill(ArmSample arm, int requests, double errorShare, double slowness, SplittableRandom random) {
        int errors = 0;
        for (int i = 0; i < requests; i++) {
            if (random.nextDouble() < errorShare) {
                errors++;
            } else {
                arm.latency().addMicros((long) (slowness * (5_000 - 3_000 * Math.log1p(-random.nextDouble()))));
            }
        }
        arm.answered(requests, errors);
        arm.routed(requests);
    }

    /** One tick: errors, bursts, latency, promotion and share, all of it. */
    @Benchmark
    public Verdict tick() {
        next = (next + 1) & (ROTATED - 1);
        return judge.tick(samples[next]);
    }
}
