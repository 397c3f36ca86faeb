package io.turnout.routing;

import static io.turnout.routing.Samples.byCookie;
import static io.turnout.routing.Samples.keyed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyedPickTest {
    private static final int USERS = 100_000;
    private static final SplitKey KEY = byCookie("uid");

    @Test
    void onlyAddsUsersToTheCanaryWhenItsShareRises() {
        long[] users = users("s");
        Seeded.check(20, random -> {
            Split before = two(random);
            Split after = two(random);
            boolean rises = canaryShare(after) >= canaryShare(before);
            for (long user : users) {
                boolean was = pick(before, user) == 1;
                boolean is = pick(after, user) == 1;
                assertThat(was != is).isEqualTo(was != is && is == rises);
            }
        });
    }

    @Test
    void restoresExactlyTheFirstUsersWhenTheWeightComesBack() {
        Split ten = keyed(KEY, "stable", 90, "canary", 10);
        Split tenAgain = keyed(KEY, "stable", 900_000, "canary", 100_000);
        for (long user : users("s")) {
            assertThat(pick(tenAgain, user)).isEqualTo(pick(ten, user));
        }
    }

    @Test
    void keepsItsUsersWhenTheCanaryIsListedFirstAndStableIsNamed() {
        Split listedLast = keyed(KEY, "stable", 70, "canary", 30);
        Split listedFirst =
                new Split("s", Samples.variants("canary", 30, "stable", 70), "stable", KEY, new OnEmpty.Fail());
        for (long user : users("s")) {
            assertThat(pick(listedFirst, user)).isEqualTo(1 - pick(listedLast, user));
        }
    }

    @Test
    void givesEachOfTwoItsShareWithinThreeSigma() {
        long[] users = users("shares");
        Seeded.check(
                20,
                random -> assertShares(
                        keyed(KEY, "stable", random.nextInt(1, 1_000_000), "canary", random.nextInt(1, 1_000_000)),
                        users));
    }

    @Test
    void givesEachOfManyItsShareWithinThreeSigma() {
        long[] users = users("shares");
        assertShares(keyed(KEY, "a", 90, "b", 5, "c", 5), users);
        assertShares(keyed(KEY, "a", 1, "b", 1, "c", 1, "d", 1, "e", 1, "f", 1, "g", 1), users);
        assertShares(keyed(KEY, "a", 1_000_000, "b", 10_000, "c", 100, "d", 0), users);
        assertShares(keyed(KEY, "a", 2, "b", 0, "c", 0), users);
    }

    @Test
    void isExactAtNothingAndAtEverything() {
        for (long user : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(pick(keyed(KEY, "stable", 1, "canary", 0), user)).isZero();
            assertThat(pick(keyed(KEY, "stable", 0, "canary", 1), user)).isEqualTo(1);
            assertThat(pick(keyed(KEY, "a", 0, "b", 1, "c", 0), user)).isEqualTo(1);
        }
    }

    /** The threshold itself: {@code hash < weight / total * 2^64} and not a hash more. */
    @Test
    void putsTheBoundaryWhereExactArithmeticPutsIt() {
        Split quarter = keyed(KEY, "stable", 3, "canary", 1);
        assertThat(pick(quarter, (1L << 62) - 1)).isEqualTo(1);
        assertThat(pick(quarter, 1L << 62)).isZero();

        Split half = keyed(KEY, "stable", 1_000_000, "canary", 1_000_000);
        assertThat(pick(half, Long.MAX_VALUE)).isEqualTo(1);
        assertThat(pick(half, Long.MIN_VALUE)).isZero();
    }

    @Test
    void movesUsersOnlyToOrFromTheVariantWhoseWeightChangesAmongMany() {
        long[] users = users("s");
        Seeded.check(10, random -> {
            int[] weights = {weight(random), weight(random), weight(random), 1 + weight(random) / 2};
            int changed = random.nextInt(3);
            int other = weight(random);
            Split before = four(weights);
            boolean rises = other > weights[changed];
            weights[changed] = other;
            Split after = four(weights);
            for (long user : users) {
                int was = pick(before, user);
                int is = pick(after, user);
                assertThat(was == is || (rises ? is : was) == changed)
                        .as("user %x moved from %d to %d", user, was, is)
                        .isTrue();
            }
        });
    }

    @Test
    void movesNobodyWhenManyAreListedInAnotherOrder() {
        var order = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(order, new Random(1));
        List<Variant> variants = Samples.variants("a", 40, "b", 30, "c", 20, "d", 10);
        Split listed = new Split("s", variants, "a", KEY, new OnEmpty.Fail());
        Split shuffled = new Split("s", order.stream().map(variants::get).toList(), "a", KEY, new OnEmpty.Fail());
        for (long user : users("s")) {
            assertThat(order.get(pick(shuffled, user))).isEqualTo(pick(listed, user));
        }
    }

    @Test
    void movesOnlyTheUsersOfAnUnusableVariant() {
        Split split = keyed(KEY, "a", 40, "b", 30, "c", 30);
        for (long user : users("s")) {
            int usual = pick(split, user);
            int withoutC = KeyedPick.of(split).pick(user, 0b011);
            assertThat(withoutC).isLessThan(2);
            assertThat(usual == 2 || withoutC == usual).isTrue();
        }
    }

    /** Two canaries of 10 % with different salts must share 1 % of all users, not 10 %. */
    @Test
    void drawsIndependentUsersForSplitsWithDifferentSalts() {
        long[] shop = users("shop");
        long[] checkout = users("checkout");
        Split split = keyed(KEY, "stable", 90, "canary", 10);
        int both = 0;
        for (int i = 0; i < USERS; i++) {
            both += pick(split, shop[i]) * pick(split, checkout[i]);
        }
        double expected = USERS * 0.01;
        assertThat((double) both).isCloseTo(expected, within(3 * Math.sqrt(expected * 0.99)));
    }

    private static void assertShares(Split split, long[] users) {
        var counts = new int[split.variants().size()];
        for (long user : users) {
            counts[pick(split, user)]++;
        }
        for (int i = 0; i < counts.length; i++) {
            double share = (double) split.variants().get(i).weight() / split.totalWeight();
            double sigma = Math.sqrt(users.length * share * (1 - share));
            assertThat((double) counts[i])
                    .as("%s of %s", split.variants().get(i), split.variants())
                    .isCloseTo(users.length * share, within(3 * sigma));
        }
    }

    private static int pick(Split split, long hash) {
        return KeyedPick.of(split).pick(hash, split.weighted());
    }

    private static double canaryShare(Split split) {
        return (double) split.variants().get(1).weight() / split.totalWeight();
    }

    /** Weights of every size, also 0. */
    private static int weight(SplittableRandom random) {
        return random.nextInt(8) == 0 ? 0 : 1 + (random.nextInt(1_000_000) >>> random.nextInt(20));
    }

    private static Split two(SplittableRandom random) {
        int canary = weight(random);
        return keyed(KEY, "stable", canary == 0 ? 1 : weight(random), "canary", canary);
    }

    private static Split four(int[] weights) {
        return keyed(KEY, "a", weights[0], "b", weights[1], "c", weights[2], "d", weights[3]);
    }

    private static long[] users(String salt) {
        var reader = new KeyReader(new SplitKey(new KeySource.ClientAddress(), salt, SplitKey.WithoutKey.DRAW));
        var hash = new XxHash64();
        var users = new long[USERS];
        for (int i = 0; i < USERS; i++) {
            reader.readKey("user-" + i, hash);
            users[i] = hash.finish();
        }
        return users;
    }
}
