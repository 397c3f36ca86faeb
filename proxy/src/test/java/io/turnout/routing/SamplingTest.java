package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests are taken for a mirror, and how many. */
class SamplingTest {
    private static final RequestView ANY = request("1");

    private static RequestView request(String user) {
        return DescribedRequest.of("GET", "h", "/").with("x-user", user);
    }

    @ParameterizedTest
    @CsvSource({"100000, 4", "1, 3", "999999, 2", "333333, 5", "0, 2", "1000000, 2"})
    void takesItsShareOfAnyStretchToWithinOnePerLoop(int ppm, int loops) {
        Sampling sampling = new Sampling(Conditions.NONE, ppm, null);
        for (int loop = 0; loop < loops; loop++) {
            SamplingCursor cursor = new SamplingCursor(sampling, loop, loops);
            long taken = 0;
            for (int i = 1; i <= 100_000; i++) {
                taken += cursor.takes(ANY) ? 1 : 0;
                assertThat(Math.abs(taken - (double) ppm * i / 1e6)).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void loopsDoNotTakeTogether() {
        Sampling tenth = new Sampling(Conditions.NONE, 100_000, null);
        int[] first = new int[5];
        for (int loop = 0; loop < 5; loop++) {
            SamplingCursor cursor = new SamplingCursor(tenth, loop, 5);
            while (!cursor.takes(ANY)) {
                first[loop]++;
            }
        }
        assertThat(first).doesNotHaveDuplicates();
    }

    @Test
    void usersStayTakenWhenTheShareRises() {
        SplitKey key = new SplitKey(new KeySource.Header("x-user"), "salt", SplitKey.WithoutKey.DRAW);
        SamplingCursor few = new SamplingCursor(new Sampling(Conditions.NONE, 100_000, key), 0, 1);
        SamplingCursor many = new SamplingCursor(new Sampling(Conditions.NONE, 300_000, key), 0, 1);
        int taken = 0;
        for (int user = 0; user < 10_000; user++) {
            RequestView request = request("user" + user);
            boolean before = few.takes(request);
            taken += before ? 1 : 0;
            assertThat(few.takes(request)).isEqualTo(before);
            assertThat(!before || many.takes(request)).isTrue();
        }
        assertThat(taken).isBetween(900, 1_100);
    }

    @Test
    void onlyRequestsThatMeetTheConditionsCount() {
        Conditions posts = new Conditions(PathMatch.ANY, List.of("POST"), List.of());
        SamplingCursor cursor = new SamplingCursor(new Sampling(posts, Sampling.WHOLE_PPM, null), 0, 1);
        assertThat(cursor.takes(ANY)).isFalse();
    }
}
