package io.turnout.routing;

/**
 * Where one event loop stands in the draws of one split. Mutable, confined to its event loop.
 *
 * <p>Draws are not random but spread: after any number of draws each variant has had its share to within one request
 * (for two variants, half a request), and any window of as many draws as the weights sum to holds each of two variants
 * exactly as often as its weight says. See {@code docs/routing.md} for the bounds when weights change.
 */
public final class SplitCursor {
    /*
     * The schedule is Tijdeman's for the chairman assignment problem (R. Tijdeman, "The chairman assignment problem",
     * Discrete Mathematics 32, 1980). Each variant keeps a credit: what it was due so far less what it got, where one
     * request is `total`. A draw adds each weight to its credit. With n variants, those are eligible whose credit is at
     * least 1/(2n-2) of a request; among them the one is taken that would be first to be owed more than 1 - 1/(2n-2).
     *
     * Weights are scaled so that one request is close to ONE whatever they sum to: a credit then means the same before
     * and after a change of weights, and rounding it costs at most 2^-31 of a request. Credits stay below a few
     * requests; (2n-2) * credit * weight has at most 7 + 33 + 20 bits.
     */
    private static final long ONE = 1L << 30;

    private Split split;
    private long weighted;
    private int[] weights;
    private long scale;
    private long total;
    private long[] credits;
    private long[] substituteCredits;

    private SplitCursor(Split split) {
        this.split = split;
        weighted = split.weighted();
        weights = weightsOf(split);
        scale = ONE / split.totalWeight();
        total = scale * split.totalWeight();
        credits = new long[weights.length];
        substituteCredits = new long[weights.length];
    }

    /**
     * A cursor for one loop of several. Each starts at a different point of the schedule, so that loops do not send
     * their canary requests together.
     *
     * @param loopIndex 0 to {@code loopCount - 1}
     */
    public static SplitCursor start(Split split, int loopIndex, int loopCount) {
        if (loopIndex < 0 || loopIndex >= loopCount) {
            throw new IllegalArgumentException("found loop " + loopIndex + " of " + loopCount);
        }
        var cursor = new SplitCursor(split);
        cursor.shiftPhase(2L * loopIndex + 1 - loopCount, 2L * loopCount);
        return cursor;
    }

    /** Takes the next variant by weight; its place in the split. Never one of weight 0. */
    public int draw() {
        return drawAmong(weighted, total, credits);
    }

    /**
     * Takes the next variant by weight among some only, in a sequence of its own: it stands in for variants that cannot
     * serve, and leaves the main sequence as it is.
     *
     * @param among places as bits; those without weight are ignored
     * @return the place, or -1 if none has weight
     */
    int drawSubstitute(long among) {
        long candidates = among & weighted;
        if (candidates == 0) {
            return -1;
        }
        long sum = 0;
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            sum += scale * weights[Long.numberOfTrailingZeros(rest)];
        }
        return drawAmong(candidates, sum, substituteCredits);
    }

    /** The split being drawn from. */
    public Split split() {
        return split;
    }

    /**
     * Goes on with other weights. What each variant is still owed, or had too early, is carried over by name, also
     * through a weight of 0, so that frequent changes favour none of those that stay. What a removed variant was owed
     * falls to the one with the largest weight.
     */
    public void adopt(Split next) {
        if (next.equals(split)) {
            return;
        }
        var successor = new SplitCursor(next);
        carry(credits, successor, successor.credits);
        carry(substituteCredits, successor, successor.substituteCredits);
        weighted = successor.weighted;
        weights = successor.weights;
        scale = successor.scale;
        total = successor.total;
        credits = successor.credits;
        substituteCredits = successor.substituteCredits;
        split = next;
    }

    private int drawAmong(long candidates, long request, long[] credit) {
        int count = Long.bitCount(candidates);
        if (count == 1) {
            return Long.numberOfTrailingZeros(candidates);
        }
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            credit[i] += scale * weights[i];
        }
        int slack = 2 * count - 2;
        int taken = earliestDue(candidates, request, credit, slack, request);
        if (taken < 0) {
            // Only while credits frozen at weight 0 are missing from the sum of the others.
            taken = earliestDue(candidates, request, credit, slack, Long.MIN_VALUE);
        }
        credit[taken] -= request;
        return taken;
    }

    /** Due is when {@code credit + draws * weight} passes {@code request * (slack - 1) / slack}. */
    private int earliestDue(long candidates, long request, long[] credit, int slack, long eligibleFrom) {
        int best = -1;
        long bestMargin = 0;
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            long weighed = slack * credit[i];
            long margin = (slack - 1) * request - weighed;
            if (weighed >= eligibleFrom && (best < 0 || margin * weights[best] < bestMargin * weights[i])) {
                best = i;
                bestMargin = margin;
            }
        }
        return best;
    }

    /** Moves every variant but the heaviest by this part of its period, between -1/2 and 1/2 in all. */
    private void shiftPhase(long numerator, long denominator) {
        int heaviest = heaviest();
        int others = Long.bitCount(weighted) - 1;
        for (long rest = weighted & ~(1L << heaviest); rest != 0; rest &= rest - 1) {
            long shift = total * numerator / (denominator * others);
            credits[Long.numberOfTrailingZeros(rest)] = shift;
            credits[heaviest] -= shift;
        }
    }

    private void carry(long[] from, SplitCursor successor, long[] to) {
        long missing = 0;
        for (long credit : from) {
            missing += credit;
        }
        missing = rescale(missing, total, successor.total);
        for (int i = 0; i < to.length; i++) {
            int before = split.indexOf(successor.split.variants().get(i).name());
            if (before >= 0) {
                to[i] = rescale(from[before], total, successor.total);
                missing -= to[i];
            }
        }
        to[successor.heaviest()] += missing;
    }

    /** {@code credit * toTotal / fromTotal} without leaving 64 bits. */
    private static long rescale(long credit, long fromTotal, long toTotal) {
        return credit / fromTotal * toTotal + credit % fromTotal * toTotal / fromTotal;
    }

    private int heaviest() {
        int heaviest = 0;
        for (int i = 1; i < weights.length; i++) {
            if (weights[i] > weights[heaviest]) {
                heaviest = i;
            }
        }
        return heaviest;
    }

    private static int[] weightsOf(Split split) {
        return split.variants().stream().mapToInt(Variant::weight).toArray();
    }
}
