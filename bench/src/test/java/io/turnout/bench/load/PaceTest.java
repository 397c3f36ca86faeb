package io.turnout.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void dueTimesLieEvenlyFromTheStartOn() {
        Pace.Fixed pace = new Pace.Fixed(4);

        assertThat(pace.dueNanos(0)).isZero();
        assertThat(pace.dueNanos(1)).isEqualTo(SECOND / 4);
        assertThat(pace.dueNanos(40)).isEqualTo(10 * SECOND);
    }

    @Test
    void aRateThatDoesNotDivideASecondKeepsItsAverage() {
        assertThat(new Pace.Fixed(7000).dueNanos(7000L * 3600)).isEqualTo(3600 * SECOND);
    }

    @Test
    void whatIsDueAfterATimeIsWhatHasItsDueTimeByThen() {
        Pace.Fixed pace = new Pace.Fixed(1000);

        assertThat(pace.dueAfter(-1)).isZero();
        assertThat(pace.dueAfter(0)).isEqualTo(1);
        assertThat(pace.dueAfter(999_999)).isEqualTo(1);
        assertThat(pace.dueAfter(1_000_000)).isEqualTo(2);
        assertThat(pace.dueAfter(10 * SECOND)).isEqualTo(10_001);
    }

    @Test
    void refusesARateThatIsNone() {
        assertThatThrownBy(() -> new Pace.Fixed(0)).hasMessageContaining("found 0.0");
        assertThatThrownBy(() -> new Pace.Fixed(Double.NaN)).hasMessageContaining("NaN");
    }
}
