package io.turnout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.LatencyScale;
import io.turnout.model.Outcome;
import io.turnout.telemetry.VariantMeter.Weight;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterCursorTest {
    private final VariantMeter meter = new VariantSeries("shop", "green", 2).draft(1, 5);
    private final MeterCursor cursor = new MeterCursor(meter);

    private static void answer(VariantMeter.Cell cell, Weight weight, Outcome outcome, long micros) {
        cell.onStarted(weight);
        if (outcome.chargedToVariant() && weight == Weight.EVIDENCE) {
            cell.onCharged();
        }
        cell.onFinished(weight, outcome, outcome.chargedToVariant() ? 500 : 200, micros, micros + 10);
    }

    @Test
    void tellsWhatIsNewSinceTheLookBefore() {
        answer(meter.cell(0), Weight.EVIDENCE, Outcome.SUCCESS, 50);
        answer(meter.cell(1), Weight.EVIDENCE, Outcome.SERVER_ERROR, 70);
        cursor.advance();
        assertThat(cursor.hasNews()).isTrue();
        assertThat(List.of(cursor.started(), cursor.answered(), cursor.charged()))
                .containsExactly(2L, 2L, 1L);
        assertThat(cursor.firstByte(50)).isEqualTo(1);
        assertThat(cursor.firstByte(LatencyScale.bucketOf(70))).isZero();
        answer(meter.cell(1), Weight.EVIDENCE, Outcome.SUCCESS, 51);
        cursor.advance();
        assertThat(List.of(cursor.started(), cursor.answered(), cursor.charged()))
                .containsExactly(1L, 1L, 0L);
        assertThat(cursor.firstByte(50)).isZero();
        assertThat(cursor.firstByte(51)).isEqualTo(1);
    }

    @Test
    void hasNothingToTellOnceNothingHappens() {
        answer(meter.cell(0), Weight.EVIDENCE, Outcome.SUCCESS, 50);
        cursor.advance();
        cursor.advance();
        assertThat(cursor.firstByte(50)).isZero();
        cursor.advance();
        assertThat(cursor.hasNews()).isFalse();
        assertThat(cursor.answered()).isZero();
        assertThat(cursor.firstByte(50)).isZero();
    }

    @Test
    void leavesOutWhatIsNoEvidence() {
        answer(meter.cell(0), Weight.FORCED, Outcome.SUCCESS, 50);
        answer(meter.cell(0), Weight.EVIDENCE, Outcome.CLIENT_GONE, 50);
        cursor.advance();
        assertThat(cursor.answered()).isZero();
        assertThat(cursor.firstByte(50)).isZero();
    }

    @Test
    void missesNothingAndTellsNothingTwiceWhileLoopsCount() throws Exception {
        int answers = 200_000;
        List<Thread> loops = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            VariantMeter.Cell cell = meter.cell(i);
            loops.add(new Thread(() -> {
                for (int n = 0; n < answers; n++) {
                    answer(cell, Weight.EVIDENCE, n % 10 == 0 ? Outcome.TIMEOUT : Outcome.SUCCESS, n % 64);
                }
            }));
        }
        loops.forEach(Thread::start);
        Sums sums = new Sums();
        while (loops.stream().anyMatch(Thread::isAlive)) {
            sums.add(cursor);
        }
        for (Thread loop : loops) {
            loop.join();
        }
        sums.add(cursor);
        sums.add(cursor);
        assertThat(sums.answered).isEqualTo(2L * answers);
        assertThat(sums.charged).isEqualTo(2L * answers / 10);
        assertThat(sums.timed).isEqualTo(2L * answers * 9 / 10);
    }

    private static final class Sums {
        long answered;
        long charged;
        long timed;

        void add(MeterCursor cursor) {
            cursor.advance();
            answered += cursor.answered();
            charged += cursor.charged();
            for (int bucket = 0; bucket < 64; bucket++) {
                timed += cursor.firstByte(bucket);
            }
        }
    }
}
