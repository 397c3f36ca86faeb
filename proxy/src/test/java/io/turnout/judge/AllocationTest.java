package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.turnout.judge.plan.SplitMix;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {
    @Test
    void aTickWithAllMetricsAllocatesNothing() {
        var limits =
                new Thresholds(.5, List.of(new LatencyLimit("p99", .99, 5_000_000)), Duration.ofSeconds(60), 50, 2);
        JudgeTick tick = new JudgeTick(JudgePlan.DEFAULT.withThirdMetric("4xx").withThresholds(limits), 1);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 2_000; i++) {
                tick.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(tick.run()).as("still judging").isInstanceOf(Verdict.Standing.class);
        assertThat(least).as("bytes in 2,000 ticks").isZero();
    }

    /** Ready-made samples for one judge, so that only the judge is at work. */
    static final class JudgeTick {
        private static final int SAMPLES = 64;
        private final TickSample[] samples = new TickSample[SAMPLES];
        private final Judge judge;
        private int next;

        JudgeTick(JudgePlan plan, long seed) {
            judge = new Judge(plan);
            var random = new SplitMix(seed);
            for (int i = 0; i < SAMPLES; i++) {
                samples[i] = new TickSample().begin(.05, 1, 100_000_000);
                fill(samples[i].canary(), 5, 1, random);
                fill(samples[i].stable(), 95, 9, random);
            }
        }

        Verdict run() {
            return judge.tick(samples[next++ % SAMPLES]);
        }

        private static void fill(ArmSample arm, int requests, int hosts, SplitMix random) {
            arm.hosts().arrange(hosts, 1);
            for (int i = 0; i < requests; i++) {
                boolean failed = random.nextDouble() < .01;
                arm.answered(1, failed ? 1 : 0);
                arm.hosts().add(i % hosts, 1, failed ? 1 : 0);
                arm.routed(1);
                arm.latency().addMicros(5_000 + random.nextInt(40_000));
            }
        }
    }
}
