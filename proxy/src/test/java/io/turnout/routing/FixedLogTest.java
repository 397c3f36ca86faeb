package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class FixedLogTest {
    private static final double ONE = 1L << FixedLog.FRACTION_BITS;

    @Test
    void isExactAtPowersOfTwo() {
        for (int power = 1; power < 64; power++) {
            // The lowest bit counts as set: above a power of two, the logarithm is rounded down to it, or just above.
            long log = FixedLog.ofUnsignedFraction(1L << power);
            assertThat(log / ONE).isCloseTo(64 - power, within(Math.scalb(1.5, -Math.min(power, 36))));
        }
        assertThat(FixedLog.ofUnsignedFraction(1)).isEqualTo(64L << FixedLog.FRACTION_BITS);
        assertThat(FixedLog.ofUnsignedFraction(0)).isEqualTo(64L << FixedLog.FRACTION_BITS);
    }

    @Test
    void isNeverZeroSoThatAProductWithAWeightKeepsItsOrder() {
        assertThat(FixedLog.ofUnsignedFraction(-1)).isEqualTo(1);
    }

    @Test
    void agreesWithFloatingPoint() {
        Seeded.check(20_000, random -> {
            long hash = random.nextLong() >>> random.nextInt(60);
            double fraction = new BigInteger(Long.toUnsignedString(hash | 1)).doubleValue() * 0x1p-64;
            double expected = -StrictMath.log(fraction) / StrictMath.log(2);
            assertThat(FixedLog.ofUnsignedFraction(hash) / ONE).isCloseTo(expected, within(0x1p-35));
        });
    }

    @Test
    void neverRisesWithTheHash() {
        Seeded.check(20_000, random -> {
            long hash = random.nextLong() >>> random.nextInt(60);
            long larger = hash + 1 + (random.nextLong() >>> random.nextInt(2, 63));
            if (Long.compareUnsigned(larger, hash) > 0) {
                assertThat(FixedLog.ofUnsignedFraction(larger)).isLessThanOrEqualTo(FixedLog.ofUnsignedFraction(hash));
            }
        });
    }

    @Test
    void multipliesUnsigned() {
        Seeded.check(20_000, random -> {
            long a = random.nextLong();
            long b = random.nextLong();
            BigInteger product =
                    new BigInteger(Long.toUnsignedString(a)).multiply(new BigInteger(Long.toUnsignedString(b)));
            assertThat(FixedLog.unsignedMultiplyHigh(a, b))
                    .isEqualTo(product.shiftRight(64).longValue());
        });
    }
}
