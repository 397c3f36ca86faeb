package io.turnout.routing;

import static io.turnout.routing.Samples.split;
import static io.turnout.routing.Samples.variants;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SplitCursorTest {
    @Test
    void sendsExactlyTenOfEachThousandAtOnePercentWhereverCountingBegins() {
        for (int loop = 0; loop < 8; loop++) {
            var cursor = SplitCursor.start(split("blue", 99, "green", 1), loop, 8);
            int[] drawn = draw(cursor, 5_000);
            assertEveryWindowHolds(drawn, 1_000, 10);
        }
    }

    @Test
    void spreadsTheCanaryEvenly() {
        int[] drawn = draw(SplitCursor.start(split("blue", 97, "green", 3), 0, 1), 10_000);
        int last = -1;
        for (int i = 0; i < drawn.length; i++) {
            if (drawn[i] == 1) {
                assertThat(last < 0 || i - last == 33 || i - last == 34).isTrue();
                last = i;
            }
        }
    }

    @Test
    void holdsExactlyTheWeightsInEveryWindowOfTheirSumForTwo() {
        Seeded.check(100, random -> {
            Split split = split("blue", random.nextInt(0, 300), "green", random.nextInt(1, 300));
            int loops = random.nextInt(1, 20);
            int[] drawn = draw(SplitCursor.start(split, random.nextInt(loops), loops), 3_000);
            assertEveryWindowHolds(
                    drawn, split.totalWeight(), split.variants().get(1).weight());
        });
    }

    @Test
    void neverLeavesItsShareByMoreThanOneRequestForTwo() {
        Seeded.check(100, random -> {
            Split split = split("blue", random.nextInt(0, 1_000_001), "green", random.nextInt(1, 1_000_001));
            int loops = random.nextInt(1, 20);
            var cursor = SplitCursor.start(split, random.nextInt(loops), loops);
            assertThat(worstDeviation(cursor, 5_000)).isLessThanOrEqualTo(1.0);
        });
    }

    @Test
    void keepsTijdemansBoundForAnyNumberOfVariantsFromTheMiddlePhase() {
        Seeded.check(300, random -> {
            Split split = randomSplit(random, random.nextInt(2, Split.MAX_VARIANTS + 1));
            int weighted = Long.bitCount(split.weighted());
            double bound = weighted == 1 ? 0 : 1 - 1.0 / (2 * weighted - 2);
            assertThat(worstDeviation(SplitCursor.start(split, 0, 1), 3_000)).isLessThanOrEqualTo(bound);
        });
    }

    @Test
    void neverLeavesAnyShareByOneAndAHalfRequestsForManyFromAnyPhase() {
        Seeded.check(300, random -> {
            int variants = random.nextInt(3, Split.MAX_VARIANTS + 1);
            int loops = random.nextInt(1, 64);
            var cursor = SplitCursor.start(randomSplit(random, variants), random.nextInt(loops), loops);
            assertThat(worstDeviation(cursor, 3_000)).isLessThan(1.5);
        });
    }

    @Test
    void neverDrawsAVariantWithoutWeight() {
        Seeded.check(50, random -> {
            Split split = randomSplit(random, random.nextInt(1, 8));
            for (int place : draw(SplitCursor.start(split, 0, 1), 2_000)) {
                assertThat(split.variants().get(place).weight()).isPositive();
            }
        });
        assertThat(draw(SplitCursor.start(split("blue", 0, "green", 7), 0, 1), 100))
                .containsOnly(1);
        assertThat(draw(SplitCursor.start(split("blue", 7, "green", 0), 0, 1), 100))
                .containsOnly(0);
    }

    @Test
    void startsEachLoopAtAnotherPointSoThatCanaryRequestsDoNotComeTogether() {
        int loops = 8;
        var firsts = new ArrayList<Integer>();
        for (int loop = 0; loop < loops; loop++) {
            int[] drawn = draw(SplitCursor.start(split("blue", 999, "green", 1), loop, loops), 1_000);
            int first = 0;
            while (drawn[first] != 1) {
                first++;
            }
            firsts.add(first);
        }
        firsts.sort(null);
        for (int i = 1; i < loops; i++) {
            assertThat(firsts.get(i) - firsts.get(i - 1)).isBetween(124, 126);
        }
    }

    @Test
    void doesNotFavourAnybodyWhenTheSameWeightsAreLoadedAgainAndAgain() {
        var cursor = SplitCursor.start(split("blue", 99, "green", 1), 0, 1);
        int canary = 0;
        for (int i = 0; i < 100_000; i++) {
            if (i % 7 == 0) {
                cursor.adopt(split("blue", 99, "green", 1));
            }
            canary += cursor.draw();
        }
        assertThat(canary).isEqualTo(1_000);
    }

    @Test
    void paysWhatIsOwedToAVariantThatIsAtZeroEveryOtherTime() {
        var cursor = SplitCursor.start(split("blue", 99, "green", 1), 0, 1);
        int canary = 0;
        for (int i = 0; i < 140_000; i++) {
            if (i % 7 == 0) {
                cursor.adopt(split("blue", 99, "green", i % 2));
            }
            canary += cursor.draw();
        }
        assertThat(canary).isBetween(699, 701);
    }

    /** The expectation moves with the weights: each draw adds the share that held at that moment. */
    @Test
    void staysWithinOneRequestOfTheSharesWhenWeightsOfTwoChangeEverySevenRequests() {
        Seeded.check(10, random -> {
            Split first = randomPair(random);
            double worst = worstDeviationUnderReload(first, () -> randomPair(random), 100_000);
            assertThat(worst).isLessThanOrEqualTo(1.0);
        });
    }

    @Test
    void staysWithinThreeRequestsOfTheSharesWhenWeightsOfManyChangeEverySevenRequests() {
        Seeded.check(10, random -> {
            int variants = random.nextInt(3, 17);
            Split first = randomSplit(random, variants);
            double worst = worstDeviationUnderReload(first, () -> randomSplit(random, variants), 100_000);
            assertThat(worst).isLessThan(3.0);
        });
    }

    @Test
    void carriesCreditByNameWhenVariantsAreReordered() {
        var cursor = SplitCursor.start(split("blue", 50, "green", 50), 0, 1);
        var names = new HashMap<String, Integer>();
        for (int i = 0; i < 1_000; i++) {
            Split split = i % 2 == 0 ? split("blue", 50, "green", 50) : split("green", 50, "blue", 50);
            cursor.adopt(split);
            names.merge(split.variants().get(cursor.draw()).name(), 1, Integer::sum);
        }
        assertThat(names).containsEntry("blue", 500).containsEntry("green", 500);
    }

    @Test
    void staysNearTheSharesWhileVariantsComeAndGo() {
        Seeded.check(20, random -> {
            var expected = new HashMap<String, Double>();
            var actual = new HashMap<String, Integer>();
            var cursor = SplitCursor.start(someOf(random), 0, 1);
            for (int i = 0; i < 20_000; i++) {
                if (i % 7 == 0) {
                    cursor.adopt(someOf(random));
                }
                Split split = cursor.split();
                for (Variant variant : split.variants()) {
                    expected.merge(variant.name(), (double) variant.weight() / split.totalWeight(), Double::sum);
                }
                actual.merge(split.variants().get(cursor.draw()).name(), 1, Integer::sum);
            }
            expected.forEach((name, share) ->
                    assertThat(actual.getOrDefault(name, 0) - share).as(name).isBetween(-50.0, 50.0));
        });
    }

    @Test
    void drawsSubstitutesByWeightAndLeavesTheMainSequenceAlone() {
        Split split = split("a", 60, "b", 30, "c", 10);
        var disturbed = SplitCursor.start(split, 0, 1);
        var quiet = SplitCursor.start(split, 0, 1);
        var substitutes = new int[3];
        for (int i = 0; i < 9_000; i++) {
            substitutes[disturbed.drawSubstitute(0b011)]++;
            assertThat(disturbed.draw()).isEqualTo(quiet.draw());
        }
        assertThat(substitutes).containsExactly(6_000, 3_000, 0);
    }

    @Test
    void findsNoSubstituteAmongVariantsWithoutWeight() {
        var cursor = SplitCursor.start(split("a", 60, "b", 0), 0, 1);
        assertThat(cursor.drawSubstitute(0b10)).isEqualTo(-1);
        assertThat(cursor.drawSubstitute(0)).isEqualTo(-1);
        assertThat(cursor.drawSubstitute(0b11)).isZero();
    }

    private static double worstDeviationUnderReload(Split first, Supplier<Split> next, int draws) {
        var cursor = SplitCursor.start(first, 0, 1);
        var owed = new double[first.variants().size()];
        double worst = 0;
        for (int i = 0; i < draws; i++) {
            if (i % 7 == 0) {
                cursor.adopt(next.get());
            }
            worst = Math.max(worst, accountForOneDraw(cursor, owed));
        }
        return worst;
    }

    private static double worstDeviation(SplitCursor cursor, int draws) {
        var owed = new double[cursor.split().variants().size()];
        double worst = 0;
        for (int i = 0; i < draws; i++) {
            worst = Math.max(worst, accountForOneDraw(cursor, owed));
        }
        return worst;
    }

    private static double accountForOneDraw(SplitCursor cursor, double[] owed) {
        List<Variant> variants = cursor.split().variants();
        double total = 0;
        for (Variant variant : variants) {
            total += variant.weight();
        }
        owed[cursor.draw()] -= 1;
        double worst = 0;
        for (int v = 0; v < owed.length; v++) {
            owed[v] += variants.get(v).weight() / total;
            worst = Math.max(worst, Math.abs(owed[v]));
        }
        return worst - 1e-6;
    }

    private static int[] draw(SplitCursor cursor, int draws) {
        var drawn = new int[draws];
        for (int i = 0; i < draws; i++) {
            drawn[i] = cursor.draw();
        }
        return drawn;
    }

    /** How often place 1 is in each window of this many draws. */
    private static void assertEveryWindowHolds(int[] drawn, int window, int expected) {
        int count = 0;
        for (int i = 0; i < drawn.length; i++) {
            count += drawn[i] - (i < window ? 0 : drawn[i - window]);
            if (i >= window - 1 && count != expected) {
                assertThat(count).as("window of %d draws up to %d", window, i).isEqualTo(expected);
            }
        }
    }

    private static Split randomPair(SplittableRandom random) {
        return split("blue", random.nextInt(1, 1_000), "green", random.nextInt(0, 1_000));
    }

    private static Split randomSplit(SplittableRandom random, int variants) {
        var namesAndWeights = new Object[variants * 2];
        for (int i = 0; i < variants; i++) {
            namesAndWeights[2 * i] = "v" + i;
            namesAndWeights[2 * i + 1] =
                    random.nextInt(6) == 0 && i > 0 ? 0 : 1 + (random.nextInt(1_000_000) >>> random.nextInt(20));
        }
        return Split.byWeight("s", variants(namesAndWeights));
    }

    private static Split someOf(SplittableRandom random) {
        var some = new ArrayList<Variant>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
            if (random.nextBoolean()) {
                some.add(new Variant(Samples.pool(name), random.nextInt(1, 100)));
            }
        }
        return some.isEmpty() ? someOf(random) : Split.byWeight("s", some);
    }
}
