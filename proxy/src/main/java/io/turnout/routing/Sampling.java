package io.turnout.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A share of some of the requests: which may be taken, and how many of those. Immutable.
 *
 * <p>With a key all requests of some users are taken, the same ones for as long as share and salt stay, and more of them
 * when the share rises; a request without key is drawn by itself.
 */
public final class Sampling {
    /** The whole, in parts per million. */
    public static final int WHOLE_PPM = 1_000_000;

    private final PathMatch path;
    private final FieldConditions fields;
    private final int sharePpm;
    private final @Nullable KeyReader key;

    /**
     * A share of the requests that meet the conditions.
     *
     * @param sharePpm 0 to {@link #WHOLE_PPM}
     * @param key null to draw each request by itself
     */
    public Sampling(Conditions when, int sharePpm, @Nullable SplitKey key) {
        if (sharePpm < 0 || sharePpm > WHOLE_PPM) {
            throw new IllegalArgumentException("found " + sharePpm + " ppm, expected 0 to " + WHOLE_PPM);
        }
        Objects.requireNonNull(when);
        this.path = when.path();
        this.fields = new FieldConditions(when);
        this.sharePpm = sharePpm;
        this.key = key == null ? null : new KeyReader(key);
    }

    /** The share in parts per million. */
    public int sharePpm() {
        return sharePpm;
    }

    /** Whether the request may be taken at all. */
    boolean admits(RequestView request) {
        return path.matches(request.path()) && fields.hold(request);
    }

    /** 1 if the request's key is taken, 0 if not, -1 if the request has no key or none is asked for. */
    int byKey(RequestView request, XxHash64 hash) {
        if (key == null || !key.read(request, hash)) {
            return -1;
        }
        return FixedLog.unsignedMultiplyHigh(hash.finish(), WHOLE_PPM) < sharePpm ? 1 : 0;
    }
}
