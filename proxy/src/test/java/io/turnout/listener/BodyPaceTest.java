package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Four looks within the time a body may stand still; at 100 octets a second and four seconds that is 400 per period. */
class BodyPaceTest {
    private final BodyPace pace = new BodyPace(100, 4_000_000_000L);

    private boolean[] looks(long... bodyBytes) {
        boolean[] answers = new boolean[bodyBytes.length];
        pace.begin();
        for (int i = 0; i < bodyBytes.length; i++) {
            answers[i] = pace.keepsUp(bodyBytes[i]);
        }
        return answers;
    }

    @Test
    void asksForTheRateOnlyOnAverageOverThePeriod() {
        assertThat(looks(400, 400, 400, 400, 500, 600, 700, 800)).containsOnly(true);
        assertThat(looks(10, 20, 30, 399)).containsExactly(true, true, true, false);
    }

    @Test
    void endsABodyThatStandsStillHoweverMuchHasCome() {
        assertThat(looks(9000, 9000, 9000, 9000, 9000)).containsExactly(true, true, true, true, false);
    }

    @Test
    void holdsNothingAgainstAClientThatWasKeptFromSending() {
        pace.begin();
        pace.disturb();
        assertThat(pace.keepsUp(0)).isTrue();
        pace.disturb();
        for (int i = 0; i < 20; i++) {
            pace.disturb();
            assertThat(pace.keepsUp(0)).isTrue();
        }
        assertThat(pace.keepsUp(1)).isTrue();
    }
}
