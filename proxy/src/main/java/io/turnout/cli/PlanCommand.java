package io.turnout.cli;

import io.turnout.judge.plan.PlanReport;
import io.turnout.judge.plan.Planner;
import io.turnout.judge.plan.Scenario.PlannedStep;
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

/** Forecasts a rollout before there is any traffic. Confined to the thread that runs it. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Forecasts a rollout at a request rate, by running the real judge many times on virtual time: how long each"
                    + " step takes, what regression it can see, and how soon.",
            "Latency is taken to stay the same; gates and approvals count as open."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout plan turnout.yaml --rate 200",
            "  turnout plan turnout.yaml --route shop --rate 50 --error-rate 0.2%% --runs 100 -o json"
        })
final class PlanCommand implements Callable<Integer> {
    private static final int MAX_RUNS = 10_000;

    @Parameters(index = "0", paramLabel = "FILE", description = "The configuration file")
    private Path file = Path.of("");

    @Option(names = "--route", paramLabel = "ROUTE", description = "Needed where several routes have a rollout")
    private @Nullable String route;

    @Mixin
    private TrafficOptions traffic = new TrafficOptions();

    @Option(
            names = "--runs",
            paramLabel = "N",
            description =
                    "Simulations behind each figure, 1 to 10000 (default: as many as some seconds allow, 5 to 100)")
    private @Nullable Integer runs;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description =
                    "What takes longer counts as never (default: twice the longest hold, at least 1h, less at high"
                            + " rates)")
    private @Nullable String patience;

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        JudgedRoute judged = JudgedRoute.of(ConfigFile.valid(file, output), route);
        List<PlannedStep> steps = judged.plannedSteps(traffic.rate());
        if (steps.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.NEGATIVE,
                    "route " + judged.route().name()
                            + " gives the canary all traffic at once: there is no step to plan");
        }
        PlanWork work = work(steps);
        var subject = new Planner.Traffic(
                traffic.rate(), traffic.stable(judged.stableHosts()), judged.canaryHosts(), work.patienceSeconds());
        PlanReport report = new Planner(judged.judgePlan(), subject, work.runs(), traffic.seed()).report(steps);
        PlanView view = PlanView.of(judged.route().name(), traffic, work, report);
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.json() ? Json.written(view) + "\n" : view.text());
        out.flush();
        return ExitCode.OK;
    }

    private PlanWork work(List<PlannedStep> steps) throws CommandFailure {
        if (runs != null && (runs < 1 || runs > MAX_RUNS)) {
            throw TrafficOptions.misuse("--runs: found " + runs + ", expected 1 to " + MAX_RUNS);
        }
        return PlanWork.of(traffic.rate(), steps, patienceSeconds(), runs);
    }

    private @Nullable Double patienceSeconds() throws CommandFailure {
        if (patience == null) {
            return null;
        }
        Duration given = TrafficOptions.duration("--patience", patience);
        if (given.compareTo(Duration.ofSeconds(1)) < 0 || given.compareTo(Duration.ofDays(30)) > 0) {
            throw TrafficOptions.misuse("--patience: found " + patience + ", expected 1s to 30d");
        }
        return given.toNanos() / 1e9;
    }
}
