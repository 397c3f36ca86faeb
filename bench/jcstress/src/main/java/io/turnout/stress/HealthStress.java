package io.turnout.stress;

import io.turnout.telemetry.health.EndpointHealth;
import io.turnout.telemetry.health.HealthState;
import io.turnout.telemetry.health.PoolHealth;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZIJ_Result;

/** A loop ejects an endpoint while the prober on another finds it down: neither forgets the other. */
@JCStressTest
@Outcome(id = "true, 1, 1", expect = Expect.ACCEPTABLE, desc = "down, and ejected")
@Outcome(expect = Expect.FORBIDDEN, desc = "one of the two was forgotten")
@State
public class HealthStress {
    private static final long NANOS = 1_000_000_000;

    private final EndpointHealth health = new EndpointHealth(new PoolHealth(), EndpointHealth.Expected.NO_PROBES);

    /** A loop. */
    @Actor
    public void loop() {
        health.eject("errors", NANOS, 1);
    }

    /** Another, which probes. */
    @Actor
    public void prober() {
        health.onDown("refused", 2);
    }

    /** In the end. */
    @Arbiter
    public void end(ZIJ_Result result) {
        HealthState state = health.state();
        result.r1 = state.probed() == HealthState.Probed.DOWN;
        result.r2 = state.ejection().number();
        result.r3 = health.ejections();
    }
}
