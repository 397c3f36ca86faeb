package io.turnout.admin;

import io.turnout.config.AdminConfig;
import io.turnout.control.Control;
import io.turnout.control.DesiredSource;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the admin listener answers from. Immutable.
 *
 * @param desired read again when a reload is asked for
 * @param access who may ask, by which Host; looked up for each request, so that a reload can change it. Any thread
 * @param version of Turnout, for the metrics
 * @param clock for the Date field of answers and the age of remembered idempotency keys
 * @param extras calls that are added to ours
 */
public record AdminSetup(
        Control control,
        DesiredSource desired,
        Readiness readiness,
        Supplier<AdminConfig> access,
        String version,
        InstantSource clock,
        List<ExtraCall> extras) {
    public AdminSetup {
        extras = List.copyOf(extras);
    }
}
