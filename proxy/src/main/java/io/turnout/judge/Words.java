package io.turnout.judge;

import java.util.Locale;

/** Figures as people read them. Stateless. */
final class Words {
    private Words() {}

    /** Odds of e^log to one, without false precision: 0.9:1, 3.2:1, 327:1, over 1,000,000:1. */
    static String odds(double log) {
        double odds = Math.exp(log);
        if (odds > 1e6) {
            return "over 1,000,000:1";
        }
        return (odds < 9.95 ? decimals(odds, 1) : count(Math.round(odds))) + ":1";
    }

    /** A whole number with thousands separated. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String decimals(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A length of time in the unit that fits: 21.0 s, 34 min, 5.2 h. */
    static String duration(double seconds) {
        if (seconds < 100) {
            return decimals(seconds, seconds < 1 ? 2 : 1) + " s";
        }
        if (seconds < 100 * 60) {
            return decimals(seconds / 60, 0) + " min";
        }
        return decimals(seconds / 3600, 1) + " h";
    }

    /** Decimals that show two digits of a percentage, between 1 and 4. */
    static int percentDigits(double share) {
        double percent = share * 100;
        if (percent <= 0) {
            return 2;
        }
        return (int) Math.max(1, Math.min(4, 1 - Math.floor(Math.log10(percent))));
    }

    /** A latency: 850 us, 12.4 ms, 3.1 s. */
    static String micros(long micros) {
        if (micros < 1000) {
            return micros + " us";
        }
        return micros < 1_000_000 ? decimals(micros / 1e3, 1) + " ms" : decimals(micros / 1e6, 2) + " s";
    }

    /** A configured share, without idle digits: 5 %, 0.5 %, 33.3 %. */
    static String weight(double share) {
        return points(share) + " %";
    }

    /** The same as bare percentage points. */
    static String points(double share) {
        String digits = decimals(share * 100, percentDigits(share));
        return digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits;
    }
}
