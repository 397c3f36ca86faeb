package io.turnout.control.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.turnout.judge.ArmSample;
import io.turnout.judge.Evidence;
import io.turnout.judge.Judge;
import io.turnout.judge.JudgePlan;
import io.turnout.judge.TickSample;
import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.OverdueLimits;
import io.turnout.telemetry.VariantMeter.Weight;
import io.turnout.telemetry.VariantSeries;
import io.turnout.telemetry.health.EndpointHealth;
import io.turnout.telemetry.health.PoolHealth;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceReaderTest {
    private static final long TICK = 100_000_000L;
    private static final long MINUTES = 120_000_000_000L;

    private final VariantSeries blue = new VariantSeries("shop", "blue", 1);
    private final VariantSeries green = new VariantSeries("shop", "green", 1);
    private final EndpointMeter greenEndpoint = new EndpointMeter(1);
    private final Judge judge = new Judge(JudgePlan.DEFAULT);
    private long nowNanos;
    private long epoch;

    private void weigh(int blueWeight, int greenWeight) {
        epoch++;
        blue.begin(blue.draft(epoch, blueWeight), nowNanos);
        green.begin(green.draft(epoch, greenWeight), nowNanos);
    }

    private static VariantMeter.Cell inForce(VariantSeries series) {
        List<VariantMeter> meters = series.meters();
        return meters.get(meters.size() - 1).cell(0);
    }

    private static void answer(VariantMeter.Cell cell, int requests) {
        for (int i = 0; i < requests; i++) {
            cell.onStarted(Weight.EVIDENCE);
            cell.onFinished(Weight.EVIDENCE, Outcome.SUCCESS, 200, 1_000 + i % 50, 2_000);
        }
    }

    private static Arm arm(VariantSeries series, EndpointMeter endpoint) {
        InetSocketAddress address = InetSocketAddress.createUnresolved("backend.test", 80);
        return new Arm(
                series,
                List.of(new EndpointPlan(
                        "backend.test:80",
                        address,
                        false,
                        endpoint,
                        new EndpointHealth(new PoolHealth(), EndpointHealth.Expected.NO_PROBES))));
    }

    private EvidenceReader reader() {
        return new EvidenceReader(arm(green, greenEndpoint), arm(blue, new EndpointMeter(1)));
    }

    private void look(EvidenceReader reader) {
        nowNanos += TICK;
        reader.tell(judge, nowNanos, TICK);
    }

    @Test
    void leavesOutWhatWasThereBeforeTheFirstLook() {
        weigh(90, 10);
        answer(inForce(green), 5);
        EvidenceReader reader = reader();
        look(reader);
        assertThat(reader.canaryAnswers()).isZero();
        answer(inForce(green), 3);
        look(reader);
        assertThat(reader.canaryAnswers()).isEqualTo(3);
        assertThat(judge.evidence().canary().trials()).isEqualTo(3);
    }

    @Test
    void readsAnEpochToItsEndAndTheNextFromItsBeginning() {
        weigh(90, 10);
        EvidenceReader reader = reader();
        VariantMeter.Cell before = inForce(green);
        weigh(50, 50);
        answer(before, 4);
        answer(inForce(green), 6);
        look(reader);
        Evidence evidence = judge.evidence();
        assertThat(evidence.canary().trials()).isEqualTo(10);
        assertThat(evidence.weight()).isEqualTo(.5);
        nowNanos += MINUTES;
        weigh(40, 60);
        assertThat(green.meters()).hasSize(2);
        look(reader);
        answer(inForce(green), 1);
        look(reader);
        assertThat(judge.evidence().canary().trials()).isEqualTo(11);
    }

    @Test
    void teachesTheJudgeWhatStableIsLikeWhileTheCanaryHasNoTraffic() {
        weigh(100, 0);
        EvidenceReader reader = reader();
        answer(inForce(blue), 500);
        look(reader);
        assertThat(judge.knowsLatency()).isTrue();
        assertThat(judge.evidence().stable().trials()).isZero();
        assertThat(green.meters().get(0).overdueLimits().firstNanos())
                .isGreaterThan(blue.meters().get(0).overdueLimits().firstNanos());
        reader.close();
        assertThat(green.meters().get(0).overdueLimits()).isEqualTo(OverdueLimits.NONE);
        assertThat(blue.meters().get(0).overdueLimits()).isEqualTo(OverdueLimits.NONE);
    }

    @Test
    void chargesARetriedRequestWhenItEnds() {
        weigh(50, 50);
        EpochReader reader = new EpochReader(green.meters().get(0));
        ArmSample arm = new TickSample().begin(.5, 1, TICK).canary();
        inForce(green).onStarted(Weight.EVIDENCE);
        inForce(green).onCharged();
        inForce(green).onRetried();
        reader.advance();
        reader.tell(arm, EpochReader.Latency.TOLD);
        assertThat(List.of(arm.requests(), arm.errors())).containsExactly(0L, 0L);
        inForce(green).onFinished(Weight.EVIDENCE, Outcome.SUCCESS, 200, 10, 20);
        reader.advance();
        reader.tell(arm, EpochReader.Latency.TOLD);
        assertThat(List.of(arm.requests(), arm.errors())).containsExactly(1L, 1L);
    }

    @Test
    void takesACanaryForColdFromItsFirstRequestOn() {
        weigh(100, 0);
        EvidenceReader reader = reader();
        answer(inForce(blue), 500);
        look(reader);
        weigh(90, 10);
        for (int i = 0; i < 40; i++) {
            greenEndpoint.cell(0).onRequest();
            inForce(green).onStarted(Weight.EVIDENCE);
            for (int limit = 0; limit < VariantMeter.OVERDUE_LIMITS; limit++) {
                inForce(green).onOverdue(limit);
            }
            answer(inForce(blue), 9);
            look(reader);
        }
        assertThat(judge.evidence().odds()).isLessThan(2);
    }

    @Test
    void countsATimeoutAsSlowerThanAnyLimit() {
        weigh(50, 50);
        EpochReader reader = new EpochReader(green.meters().get(0));
        ArmSample arm = new TickSample().begin(.5, 1, TICK).canary();
        inForce(green).onStarted(Weight.EVIDENCE);
        inForce(green).onCharged();
        inForce(green).onFinished(Weight.EVIDENCE, Outcome.TIMEOUT, 504, -1, 20);
        reader.advance();
        reader.tell(arm, EpochReader.Latency.TOLD);
        assertThat(arm.latency().total()).isEqualTo(1);
        assertThat(arm.latency().atOrAbove(LatencyScale.BUCKETS - 1)).isEqualTo(1);
    }

    @Test
    void knowsWhatStableDidWhileItHadTraffic() {
        weigh(100, 0);
        EvidenceReader reader = reader();
        answer(inForce(blue), 30);
        weigh(50, 50);
        answer(inForce(blue), 10);
        weigh(0, 100);
        look(reader);
        assertThat(reader.stablePast()).isEqualTo(new StablePast(0, 40));
    }

    @Test
    void aLookAllocatesNextToNothing() {
        weigh(90, 10);
        EvidenceReader reader = reader();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 6; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 2_000; i++) {
                answer(inForce(blue), 9);
                answer(inForce(green), 1);
                nowNanos += 1_000;
                reader.tell(judge, nowNanos, 1_000);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes in 2,000 looks").isLessThan(2_000L * 256);
    }
}
