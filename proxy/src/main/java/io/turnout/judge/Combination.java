package io.turnout.judge;

/**
 * The metrics' wealths as one: each starts with a fixed part of the money, so the sum is an e-process again and one
 * threshold bounds false alarms of all metrics together. Stateless.
 */
final class Combination {
    private static final double[] ONE = {0};
    private static final double[] TWO = logs(.55, .45);
    private static final double[] THREE = logs(.45, .40, .15);

    private Combination() {}

    /** Logarithms of the parts for so many metrics (1 to 3), in the order errors, latency, third. */
    static double[] logParts(int metrics) {
        return switch (metrics) {
            case 1 -> ONE.clone();
            case 2 -> TWO.clone();
            case 3 -> THREE.clone();
            default -> throw new IllegalArgumentException(metrics + " metrics, expected 1 to 3");
        };
    }

    /** ln(sum of part times wealth). */
    static double logTotal(double[] logParts, double[] logWealths) {
        double max = Double.NEGATIVE_INFINITY;
        for (int m = 0; m < logParts.length; m++) {
            max = Math.max(max, logParts[m] + logWealths[m]);
        }
        double sum = 0;
        for (int m = 0; m < logParts.length; m++) {
            sum += Math.exp(logParts[m] + logWealths[m] - max);
        }
        return max + Math.log(sum);
    }

    private static double[] logs(double... parts) {
        double[] logs = new double[parts.length];
        for (int m = 0; m < parts.length; m++) {
            logs[m] = Math.log(parts[m]);
        }
        return logs;
    }
}
