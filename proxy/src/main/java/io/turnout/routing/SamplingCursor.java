package io.turnout.routing;

/**
 * Where one event loop stands in the draws of one {@link Sampling}. Mutable, confined to its event loop.
 *
 * <p>Draws are spread, not random: of any number of requests in a row the share is taken to within one. Loops begin at
 * different points, so that they do not take together.
 */
public final class SamplingCursor {
    private final XxHash64 hash = new XxHash64();
    private Sampling sampling;
    private int owed;

    /** @param loopIndex 0 to {@code loopCount - 1} */
    public SamplingCursor(Sampling sampling, int loopIndex, int loopCount) {
        if (loopIndex < 0 || loopIndex >= loopCount) {
            throw new IllegalArgumentException("found loop " + loopIndex + " of " + loopCount);
        }
        this.sampling = sampling;
        this.owed = (int) ((2L * loopIndex + 1) * Sampling.WHOLE_PPM / (2L * loopCount));
    }

    /** Goes on with another share; what is owed stays. */
    public void adopt(Sampling next) {
        sampling = next;
    }

    /** Whether this request is taken. */
    public boolean takes(RequestView request) {
        if (!sampling.admits(request)) {
            return false;
        }
        int byKey = sampling.byKey(request, hash);
        return byKey < 0 ? draw() : byKey == 1;
    }

    /** What is owed stays below a whole: at a share of 0 nothing is ever taken, at a whole everything. */
    private boolean draw() {
        owed += sampling.sharePpm();
        if (owed < Sampling.WHOLE_PPM) {
            return false;
        }
        owed -= Sampling.WHOLE_PPM;
        return true;
    }
}
