package io.turnout.control.evidence;

import io.turnout.telemetry.MeterCursor;
import io.turnout.telemetry.VariantMeter;

/**
 * How a variant did while it had traffic. Immutable.
 *
 * @param errors of its requests, 0 to {@code requests}
 * @param requests that ended, but for those whose client left
 */
public record StablePast(long errors, long requests) {
    /** Nothing is known. */
    public static final StablePast NONE = new StablePast(0, 0);

    static StablePast of(VariantMeter meter) {
        MeterCursor all = new MeterCursor(meter);
        all.advance();
        return new StablePast(Math.min(all.charged(), all.answered()), all.answered());
    }

    StablePast and(StablePast other) {
        return new StablePast(errors + other.errors, requests + other.requests);
    }
}
