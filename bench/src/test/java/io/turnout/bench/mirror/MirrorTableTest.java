package io.turnout.bench.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.bench.machine.Refusal;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MirrorTableTest {
    private final MirrorTable table = new MirrorTable("1 KiB answers");

    @Test
    void takesRatiosToTheSameProxyWithoutAMirrorRoundByRound() throws Refusal {
        addRound(10, 14);
        addRound(20, 30);
        addRound(10, 16);

        assertThat(table.print())
                .contains("| some | none | 3,000 | 0 | - | - | 10.0 | 1.00 (1.00 to 1.00) |")
                .contains("| some | healthy | 3,000 | 0 | 3,003 | 3,000 | 16.0 | 1.50 (1.40 to 1.60) |");
    }

    @Test
    void refusesAsSoonAsMoreThanAHundredthOfTheRequestsWasNotCopied() throws Refusal {
        table.add("some", Shadow.HEALTHY, turn(986, 10));
        assertThatThrownBy(table::print)
                .isInstanceOf(Refusal.class)
                .hasMessage("found 986 of 1,000 requests copied whole by some to shadow healthy (1 KiB answers),"
                        + " expected at least 99 %");

        // What was under way at the edges of the turns may be missing beside.
        MirrorTable other = new MirrorTable("1 KiB answers");
        other.add("some", Shadow.HEALTHY, turn(987, 10));
        assertThat(other.print()).contains("987");
    }

    @Test
    void expectsNoCopiesFromShadowsThatDoNotAnswer() throws Refusal {
        table.add("some", Shadow.HANGING, turn(0, 10));

        assertThat(table.print()).contains("| some | hanging | 1,000 | 0 | 1,001 | 0 |");
    }

    private void addRound(double plainMicros, double copiedMicros) {
        table.add("some", Shadow.NONE, turn(0, plainMicros));
        table.add("some", Shadow.HEALTHY, turn(1000, copiedMicros));
    }

    private static Turn turn(long completed, double cpuMicros) {
        return new Turn(1000, 0, OptionalLong.of(1001), completed, 3, cpuMicros, 1, 2, 3);
    }
}
