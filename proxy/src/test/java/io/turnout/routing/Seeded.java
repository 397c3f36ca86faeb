package io.turnout.routing;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Runs a property many times with different random input; a failure names the seed that repeats it. */
final class Seeded {
    private static final long SEED = Long.getLong("prop.seed", 20261121L);

    private Seeded() {}

    /** A source of randomness that {@code -Dprop.seed} changes. */
    static SplittableRandom random() {
        return new SplittableRandom(SEED);
    }

    static void check(int trials, Consumer<SplittableRandom> property) {
        SplittableRandom seeds = random();
        for (int trial = 0; trial < trials; trial++) {
            try {
                property.accept(seeds.split());
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError(
                        "trial " + trial + " failed; repeat with -Dprop.seed=" + SEED + ": " + failure.getMessage(),
                        failure);
            }
        }
    }
}
