package io.turnout.bench.scenario;

import io.turnout.bench.machine.Refusal;
import io.turnout.bench.report.Figure;
import io.turnout.bench.report.Round;
import java.io.IOException;
import java.util.List;

/** Something to be measured of every peer. Stateless. */
public interface Scenario {
    /** Its name in options and results. */
    String name();

    /** What it is, in a few words. */
    String title();

    /** What its table shows; the first is the figure it is about. */
    List<Figure> figures();

    /**
     * Measures all peers of the bench, round by round.
     *
     * @throws Refusal if what was seen would make a misleading result
     */
    List<Round> run(Bench bench) throws Refusal, IOException, InterruptedException;
}
