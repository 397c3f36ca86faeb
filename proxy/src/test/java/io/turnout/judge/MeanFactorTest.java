package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.judge.plan.SplitMix;
import org.junit.jupiter.api.Test;

/**
 * The heart of the promise, without sampling: on the boundary of each null hypothesis the mean factor of one request is
 * at most 1 for every expert.
 */
class MeanFactorTest {
    private static final int PARAMETER_SETS = 20_000;
    private static final double LIMIT = 1 + 1e-12;

    private final long seed = Seeds.seed();
    private final SplitMix random = new SplitMix(seed);

    @Test
    void oneRequestGainsNothingInTheMeanWhenTheCanaryIsJustTolerable() {
        for (int i = 0; i < PARAMETER_SETS; i++) {
            double w = weight();
            double rho = 1 + 2 * random.nextDouble();
            double delta = random.nextDouble() < .2 ? 0 : tiny();
            double ps = rate() * (1 - delta) / rho;
            double pc = rho * ps + delta;
            double phiCanary = dispersion();
            double phiStable = dispersion();
            double[][] stakes = new ErrorBet(rho, delta, Experts.errorRatios()).stakes(w, phiCanary, phiStable);
            for (int k = 0; k < stakes[0].length; k++) {
                double mean = (1 + w * pc * Math.expm1(stakes[0][k]) + (1 - w) * ps * Math.expm1(stakes[1][k]))
                        * Math.exp(-stakes[2][k]);
                assertThat(mean)
                        .as(
                                "seed %d set %d expert %d w %s rho %s delta %s ps %s phi %s %s",
                                seed, i, k, w, rho, delta, ps, phiCanary, phiStable)
                        .isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    @Test
    void burstyCountsGainNothingInTheMeanWhenTheirDispersionIsKnown() {
        for (int i = 0; i < PARAMETER_SETS; i++) {
            double w = weight();
            double rho = 1 + 2 * random.nextDouble();
            double delta = tiny();
            double ps = rate() * (1 - delta) / rho;
            double pc = rho * ps + delta;
            double phiCanary = dispersion();
            double phiStable = dispersion();
            double[][] stakes = new ErrorBet(rho, delta, Experts.errorRatios()).stakes(w, phiCanary, phiStable);
            for (int k = 0; k < stakes[0].length; k++) {
                double mean = logMeanOfNegativeBinomial(stakes[0][k], w * pc, phiCanary)
                        + logMeanOfNegativeBinomial(stakes[1][k], (1 - w) * ps, phiStable)
                        - stakes[2][k];
                assertThat(Math.exp(mean))
                        .as("seed %d set %d expert %d w %s phi %s %s", seed, i, k, w, phiCanary, phiStable)
                        .isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    @Test
    void blocksOfFixedSizeGainNothingInTheMeanWithTheirRealisedShare() {
        for (int i = 0; i < PARAMETER_SETS; i++) {
            int canary = 1 + random.nextInt(60);
            int stable = 1 + random.nextInt(600);
            double w = (double) canary / (canary + stable);
            double delta = tiny();
            double ps = rate() * (1 - delta) / 1.1;
            double pc = 1.1 * ps + delta;
            double[][] stakes = new ErrorBet(1.1, delta, Experts.errorRatios()).stakes(w, 1, 1);
            for (int k = 0; k < stakes[0].length; k++) {
                double logMean = canary * Math.log1p(pc * Math.expm1(stakes[0][k]))
                        + stable * Math.log1p(ps * Math.expm1(stakes[1][k]))
                        - (canary + stable) * stakes[2][k];
                assertThat(Math.exp(logMean))
                        .as("seed %d set %d expert %d", seed, i, k)
                        .isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    @Test
    void latencyBlocksGainNothingInTheMeanWhateverStablesTrueTailIs() {
        var bet = new LatencyBetProbe();
        for (int i = 0; i < PARAMETER_SETS; i++) {
            int canary = 1 + random.nextInt(60);
            int stable = 1 + random.nextInt(600);
            double tail = rate();
            double quantile = i % 3 == 0 ? .5 : i % 3 == 1 ? .9 : .99;
            for (double psi : Experts.latencyOdds().values()) {
                double logMean = bet.logMeanOfBlock(quantile, psi, canary, stable, tail);
                assertThat(Math.exp(logMean))
                        .as("seed %d set %d odds %s tail %s of %d and %d", seed, i, psi, tail, canary, stable)
                        .isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    @Test
    void absoluteBetGainsNothingInTheMeanAtOrBelowTheLimit() {
        for (int i = 0; i < PARAMETER_SETS; i++) {
            double limit = Math.min(.9999, rate() + 1e-6);
            double rate = random.nextDouble() < .5 ? limit : limit * random.nextDouble();
            for (double p1 : Experts.errorRatesAbove(limit).values()) {
                double mean = rate * p1 / limit + (1 - rate) * (1 - p1) / (1 - limit);
                assertThat(p1).isGreaterThan(limit);
                assertThat(mean).as("seed %d limit %s p1 %s", seed, limit, p1).isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    @Test
    void promotionGainsNothingInTheMeanWhenTheCanaryIsJustTooBad() {
        for (int i = 0; i < PARAMETER_SETS; i++) {
            double w = weight();
            double rho = 1 + random.nextDouble();
            double delta = tiny();
            double ps = rate() * (1 - delta) / rho;
            double pc = rho * ps + delta;
            for (double a : Experts.promotionStakes().values()) {
                double canaryError = factor(rho, delta, a, w, 1, 0);
                double stableError = factor(rho, delta, a, w, 0, 1);
                double none = factor(rho, delta, a, w, 0, 0);
                double mean = w * pc * canaryError + (1 - w) * ps * stableError + (1 - w * pc - (1 - w) * ps) * none;
                assertThat(mean)
                        .as("seed %d set %d w %s rho %s delta %s ps %s A %s", seed, i, w, rho, delta, ps, a)
                        .isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    /** What one request makes of the money of a panel of this single expert. */
    private static double factor(double rho, double delta, double a, double w, long canaryHits, long stableHits) {
        var bet = new PromotionBet(rho, delta, new Experts(new double[] {a}, new double[] {1}, 0, 3600));
        bet.settle(w, 1, canaryHits, stableHits);
        return Math.exp(bet.wealth().logTotal());
    }

    private static double logMeanOfNegativeBinomial(double logFactor, double mean, double dispersion) {
        double excess = dispersion - 1;
        return excess == 0
                ? mean * Math.expm1(logFactor)
                : -mean / excess * Math.log1p(-excess * Math.expm1(logFactor));
    }

    /** Latency factors of single experts, through the bet's public face. */
    private static final class LatencyBetProbe {
        double logMeanOfBlock(double quantile, double psi, int canary, int stable, double tail) {
            double w = (double) canary / (canary + stable);
            double canarySlow = logFactor(quantile, psi, w, 1, 1, 0, 0);
            double canaryFast = logFactor(quantile, psi, w, 1, 0, 0, 0);
            double stableSlow = logFactor(quantile, psi, w, 0, 0, 1, 1);
            double stableFast = logFactor(quantile, psi, w, 0, 0, 1, 0);
            return canary * Math.log(tail * Math.exp(canarySlow) + (1 - tail) * Math.exp(canaryFast))
                    + stable * Math.log(tail * Math.exp(stableSlow) + (1 - tail) * Math.exp(stableFast));
        }

        private static double logFactor(
                double quantile, double psi, double w, long canary, long canarySlow, long stable, long stableSlow) {
            var bet = new LatencyBet(quantile, new Experts(new double[] {psi}, new double[] {1}, 0, 3600));
            bet.settle(w, canary, canarySlow, stable, stableSlow);
            return bet.wealth().logTotal();
        }
    }

    private double weight() {
        return random.nextDouble() < .5
                ? .001 + .998 * random.nextDouble()
                : Math.pow(10, -3 * random.nextDouble()) * .999;
    }

    private double rate() {
        return random.nextDouble() < .5 ? random.nextDouble() : Math.pow(10, -5 * random.nextDouble());
    }

    private double tiny() {
        return Math.pow(10, -2 - 3 * random.nextDouble());
    }

    private double dispersion() {
        return random.nextDouble() < .3 ? 1 : 1 + 20 * random.nextDouble() * random.nextDouble();
    }
}
