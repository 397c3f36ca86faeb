package io.turnout.stress;

import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.LoopMeter.Count;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** A loop counts while a scrape reads: nothing is lost, nothing torn, and what was seen once is not taken back. */
@JCStressTest
@Outcome(id = "0, 0, -2", expect = Expect.ACCEPTABLE, desc = "read before")
@Outcome(id = "0, -1, -2", expect = Expect.ACCEPTABLE, desc = "read around the first step")
@Outcome(id = "0, -2, -2", expect = Expect.ACCEPTABLE, desc = "read around both")
@Outcome(id = "-1, -1, -2", expect = Expect.ACCEPTABLE, desc = "read between")
@Outcome(id = "-1, -2, -2", expect = Expect.ACCEPTABLE, desc = "read around the second step")
@Outcome(id = "-2, -2, -2", expect = Expect.ACCEPTABLE, desc = "read after")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, lost or taken back")
@State
public class MeterStress {
    private final LoopMeter meter = new LoopMeter();

    /** The loop; steps down, for these change every bit of the value. */
    @Actor
    public void loop() {
        meter.add(Count.CONNECTIONS_OPEN, -1);
        meter.add(Count.CONNECTIONS_OPEN, -1);
    }

    /** The scrape. */
    @Actor
    public void scrape(JJJ_Result result) {
        result.r1 = meter.read(Count.CONNECTIONS_OPEN);
        result.r2 = meter.read(Count.CONNECTIONS_OPEN);
    }

    /** In the end. */
    @Arbiter
    public void end(JJJ_Result result) {
        result.r3 = meter.read(Count.CONNECTIONS_OPEN);
    }
}
