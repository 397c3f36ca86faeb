package io.turnout.cli;

import io.turnout.judge.VerdictText;
import io.turnout.judge.plan.ArmBehaviour;
import io.turnout.judge.plan.Scenario;
import io.turnout.judge.plan.Scenario.PlannedStep;
import io.turnout.judge.plan.Simulation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a rollout meet a described regression on virtual time. Confined to the thread that runs it. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one rollout on virtual time against simulated traffic: the judge and the rollout's state machine are the"
                    + " real ones.",
            "Stable is watched alone first, for 2000 requests or an hour. Gates and approvals count as open; the watch after the end"
                    + " is left out."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout simulate turnout.yaml --rate 200",
            "  turnout simulate turnout.yaml --rate 200 --regression errors=5%% --at 10m",
            "  turnout simulate turnout.yaml --rate 200 --regression latency=2x --seed 7 -o json"
        })
final class SimulateCommand implements Callable<Integer> {
    /** Some ten seconds of work. */
    private static final double MAX_REQUESTS = 2e8;

    private static final double MAX_SECONDS = Duration.ofDays(1).toSeconds();

    @Parameters(index = "0", paramLabel = "FILE", description = "The configuration file")
    private Path file = Path.of("");

    @Option(names = "--route", paramLabel = "ROUTE", description = "Needed where several routes have a rollout")
    private @Nullable String route;

    @Mixin
    private TrafficOptions traffic = new TrafficOptions();

    @Option(
            names = "--regression",
            paramLabel = "WHAT",
            description = "errors=5%% (share of its requests), latency=2x, or total; without: a healthy canary")
    private @Nullable String regression;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "When it begins, from the first step on (default: 0s)")
    private String at = "0s";

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /**
     * The answer for programs.
     *
     * @param outcome succeeded, reverted, or undecided when virtual time ran out
     * @param verdict why it was reverted, or what an undecided rollout waits for, or how it ended
     * @param secondsAfterRegression to the revert; null when there was no regression or no revert after it began
     * @param failedRequests of the canary
     */
    record Answer(
            String route,
            String outcome,
            String verdict,
            double seconds,
            @Nullable Double secondsAfterRegression,
            long canaryRequests,
            long failedRequests,
            long seed,
            List<SimulatedRollout.Told> events) {}

    @Override
    public Integer call() throws CommandFailure {
        JudgedRoute judged = JudgedRoute.of(ConfigFile.valid(file, output), route);
        double beginsAt = TrafficOptions.duration("--at", at).toNanos() / 1e9;
        var simulation = new Simulation(judged.judgePlan(), scenario(judged, beginsAt), traffic.seed());
        double limit = Math.min(MAX_SECONDS, MAX_REQUESTS / traffic.rate());
        Answer answer = answer(judged, new SimulatedRollout(simulation, judged.rolloutPlan()).run(limit), beginsAt);
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.json() ? Json.written(answer) + "\n" : told(answer));
        out.flush();
        return ExitCode.OK;
    }

    private Scenario scenario(JudgedRoute judged, double beginsAt) throws CommandFailure {
        ArmBehaviour stable = traffic.stable(judged.stableHosts());
        ArmBehaviour fine = stable.withHosts(judged.canaryHosts());
        // Weights are the state machine's here: the scenario's own steps are not run.
        var step = new PlannedStep(1, Double.POSITIVE_INFINITY);
        Scenario healthy = Scenario.steady(traffic.rate(), stable, fine, List.of(step));
        return regression == null
                ? healthy
                : healthy.withChange(beginsAt, Regression.parse(regression).of(fine, traffic));
    }

    private Answer answer(JudgedRoute judged, SimulatedRollout.Ending ending, double beginsAt) {
        String name = judged.route().name();
        boolean found = regression != null && ending.revert() != null && ending.seconds() > beginsAt;
        return new Answer(
                name,
                outcome(ending),
                ending.revert() == null ? ending.state().note() : VerdictText.reverted(name, ending.revert()),
                ending.seconds(),
                found ? Math.round(10 * (ending.seconds() - beginsAt)) / 10.0 : null,
                ending.canaryRequests(),
                ending.failedRequests(),
                traffic.seed(),
                ending.story());
    }

    private static String outcome(SimulatedRollout.Ending ending) {
        return switch (ending.state().phase()) {
            case SUCCEEDED -> "succeeded";
            case REVERTED -> "reverted";
            default -> "undecided";
        };
    }

    private String told(Answer answer) {
        Table story = new Table(3, "AFTER", "EVENT", "WHAT");
        for (SimulatedRollout.Told told : answer.events()) {
            story.row(Printable.shortTime(told.seconds()), told.event(), told.text());
        }
        var text = new StringBuilder(story.text("")).append('\n');
        text.append(Printable.text(answer.verdict())).append('\n');
        text.append('\n').append(answer.outcome()).append(" after ").append(Printable.shortTime(answer.seconds()));
        if (answer.secondsAfterRegression() != null) {
            text.append(", ")
                    .append(Printable.shortTime(answer.secondsAfterRegression()))
                    .append(" after the regression began");
        } else if (regression != null && answer.outcome().equals("succeeded")) {
            text.append(", before the regression was found");
        }
        text.append(": ").append(answer.canaryRequests()).append(" canary requests, ");
        return text.append(answer.failedRequests()).append(" of them failed\n").toString();
    }
}
