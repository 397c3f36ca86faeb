package io.turnout.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.compare.Answer.BodyState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is reported of many answers: noise taken away, samples first, room bounded. */
class DifferenceBookTest {
    private static final ComparisonRules RULES =
            new ComparisonRules(List.of(), 10_000, List.of(), List.of(), 200_000, 300, 5);

    private final DifferenceBook book = new DifferenceBook(RULES);

    private static Answer json(String body) {
        return new Answer(
                200, Map.of(), "application/json", "", body.getBytes(StandardCharsets.UTF_8), BodyState.WHOLE);
    }

    private void add(String primary, String shadow, @Nullable String control) {
        book.add(new Answers("GET /x", json(primary), json(shadow), control == null ? null : json(control)));
    }

    @Test
    void aFieldThatDiffersWithoutNoiseIsFlaggedFromTheFirstRequest() {
        add("{\"v\":1}", "{\"v\":2}", null);
        assertThat(book.report().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.flagged()).isTrue();
            assertThat(finding.samples()).containsExactly(new Sample("GET /x", "1", "2"));
        });
        assertThat(book.report().rate()).isEqualTo(1);
    }

    @Test
    void aFieldThatDiffersAsOftenFromItsOwnVersionIsNoise() {
        for (int i = 0; i < 50; i++) {
            add("{\"t\":" + i + ",\"v\":1}", "{\"t\":" + (i + 1) + ",\"v\":2}", "{\"t\":" + (i + 2) + ",\"v\":1}");
        }
        DifferenceReport report = book.report();
        assertThat(report.findings())
                .extracting(finding -> finding.field().name(), Finding::different, Finding::noise, Finding::flagged)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("/v", 50L, 0L, true),
                        org.assertj.core.groups.Tuple.tuple("/t", 50L, 50L, false));
        assertThat(report.different()).isEqualTo(50);
    }

    @Test
    void noiseThatComesAndGoesIsNotFlaggedByChance() {
        long seed = Long.getLong("prop.seed", 20261121);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            add("{\"f\":0}", "{\"f\":" + random.nextInt(2) + "}", "{\"f\":" + random.nextInt(2) + "}");
        }
        assertThat(book.report().findings())
                .as("seed %d", seed)
                .singleElement()
                .satisfies(finding -> assertThat(finding.flagged()).isFalse());
    }

    @Test
    void onlyTheFirstSamplesOfAFieldAreKept() {
        for (int i = 0; i < 20; i++) {
            add("{\"v\":0}", "{\"v\":" + (i + 1) + "}", null);
        }
        assertThat(book.report().findings().get(0).samples())
                .extracting(Sample::shadow)
                .containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void generatedMemberNamesDoNotFillTheMemory() {
        for (int i = 0; i < 2 * DifferenceBook.MAX_FIELDS; i++) {
            add("{}", "{\"k" + i + "\":1}", null);
        }
        DifferenceReport report = book.report();
        assertThat(report.findings()).hasSize(DifferenceBook.MAX_FIELDS);
        assertThat(report.fieldsNotKept()).isEqualTo(DifferenceBook.MAX_FIELDS);
    }

    @Test
    void rareDifferencesBelowTheAbsoluteShareAreNotFlagged() {
        add("{\"v\":1}", "{\"v\":2}", null);
        for (int i = 0; i < 4_000; i++) {
            add("{\"v\":1}", "{\"v\":1}", null);
        }
        assertThat(book.report().findings().get(0).flagged()).isFalse();
    }
}
