package io.turnout.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.compare.Answer;
import io.turnout.compare.Answer.BodyState;
import io.turnout.compare.Answers;
import io.turnout.compare.ComparisonRules;
import io.turnout.shadow.ComparisonJob;
import io.turnout.telemetry.MirrorBudget;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Answers of the pool {@code red}, as a mirror of the route {@code shop} would offer them to be compared. */
final class ShadowAnswers {
    private static final ComparisonRules RULES =
            new ComparisonRules(List.of(), 1000, List.of(), List.of(), 200_000, 300, 5);

    private ShadowAnswers() {}

    private static Answer status(int status) {
        return new Answer(status, Map.of(), "", "", new byte[0], BodyState.WHOLE);
    }

    /** Has so many compared that are equal, and then so many that are not. */
    static void compare(RunningControl running, int equal, int different) {
        for (int i = 0; i < equal + different; i++) {
            Answers answers = new Answers("GET /", status(200), status(i < equal ? 200 : 404), null);
            assertThat(running.control
                            .comparisons()
                            .offer(new ComparisonJob("shop", "red", RULES, answers, new MirrorBudget(), 0)))
                    .isTrue();
        }
    }

    /** How many have been compared. */
    static long compared(RunningControl running) {
        return Objects.requireNonNull(Objects.requireNonNull(running.control.differences("shop"))
                        .mirrors()
                        .get(0)
                        .comparison())
                .compared();
    }
}
