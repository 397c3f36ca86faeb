package io.turnout.stress;

import io.turnout.routing.RouteTable;
import io.turnout.snapshot.OverloadPlan;
import io.turnout.snapshot.Snapshot;
import io.turnout.snapshot.SnapshotRef;
import io.turnout.telemetry.AccessSettings;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** Control publishes a world it has just made while a loop pins one: whole, and never an older one afterwards. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "pinned before")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "pinned before, looked again after")
@Outcome(id = "2, 2, 2", expect = Expect.ACCEPTABLE, desc = "pinned after")
@Outcome(expect = Expect.FORBIDDEN, desc = "half a world, or an older one")
@State
public class PublishStress {
    private final SnapshotRef published = new SnapshotRef(world(1));

    private static Snapshot world(int generation) {
        return new Snapshot(
                generation,
                RouteTable.of(List.of()),
                List.of(),
                List.of(),
                List.of(),
                AccessSettings.OFF,
                new OverloadPlan(generation, 0));
    }

    /** The control thread. */
    @Actor
    public void control() {
        published.publish(world(2));
    }

    /** The loop. */
    @Actor
    public void loop(JJJ_Result result) {
        Snapshot pinned = published.current();
        result.r1 = pinned.generation();
        result.r2 = pinned.overload().exchanges();
        result.r3 = published.current().generation();
    }
}
