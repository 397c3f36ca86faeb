package io.turnout.judge.plan;

import io.turnout.judge.JudgePlan;
import io.turnout.judge.plan.PlanReport.Detection;
import io.turnout.judge.plan.PlanReport.StepForecast;
import io.turnout.judge.plan.Scenario.PlannedStep;
import io.turnout.judge.plan.Simulation.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Answers before any traffic what a rollout can see and how long it takes, by simulating it many times.
 *
 * <p>The same seed gives the same report. Cost grows with the rate times the length of the steps times the runs: about
 * 30 ns per simulated request. Immutable.
 */
public final class Planner {
    /** Error ratios tried for the smallest visible one. */
    private static final double[] RATIOS = {1.25, 1.5, 2, 2.5, 3, 4, 5, 7, 10, 15, 20, 50, 100, 200, 500, 1000};

    private final JudgePlan plan;
    private final Traffic traffic;
    private final int runs;
    private final long seed;

    /**
     * The traffic to plan for.
     *
     * @param requestsPerSecond of both arms together, above 0
     * @param stable how stable behaves
     * @param canaryHosts endpoints of the canary, at least 1
     * @param patienceSeconds a step or a search that takes longer counts as never ending
     */
    public record Traffic(double requestsPerSecond, ArmBehaviour stable, int canaryHosts, double patienceSeconds) {
        public Traffic {
            if (!(requestsPerSecond > 0) || canaryHosts < 1 || !(patienceSeconds > 0)) {
                throw new IllegalArgumentException(
                        requestsPerSecond + " requests/s, " + canaryHosts + " hosts, patience " + patienceSeconds);
            }
        }

        ArmBehaviour canary() {
            return stable.withHosts(canaryHosts);
        }
    }

    /** @param runs simulations per figure, at least 1; medians of 100 are good to about 15 % */
    public Planner(JudgePlan plan, Traffic traffic, int runs, long seed) {
        if (runs < 1) {
            throw new IllegalArgumentException(runs + " runs, expected 1 or more");
        }
        this.plan = plan;
        this.traffic = traffic;
        this.runs = runs;
        this.seed = seed;
    }

    /** Forecasts the rollout of these steps. */
    public PlanReport report(List<PlannedStep> steps) {
        List<Ending> healthy = simulate(steps, traffic.canary(), traffic.patienceSeconds());
        var forecasts = new ArrayList<StepForecast>();
        for (int i = 0; i < steps.size(); i++) {
            forecasts.add(forecast(steps.get(i), medianStepSeconds(healthy, i)));
        }
        int falseReverts = (int) healthy.stream().filter(Ending::reverted).count();
        double whole = median(healthy, ending -> ending.stepsDone() == steps.size(), Ending::seconds);
        return new PlanReport(forecasts, runs, whole, falseReverts);
    }

    private StepForecast forecast(PlannedStep step, double seconds) {
        double errorRate = traffic.stable().errorRate();
        return new StepForecast(
                step.weight(),
                seconds,
                smallestVisible(step, seconds),
                detection(step, 2 * errorRate),
                detection(step, 5 * errorRate),
                detection(step, 1));
    }

    private double smallestVisible(PlannedStep step, double seconds) {
        double errorRate = traffic.stable().errorRate();
        double length = Math.min(seconds, traffic.patienceSeconds());
        for (double ratio : RATIOS) {
            double canaryRate = Math.min(1, ratio * errorRate);
            if (errorRate > 0 && mostReveal(step, canaryRate, length)) {
                return canaryRate / errorRate;
            }
            if (canaryRate >= 1) {
                break;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private boolean mostReveal(PlannedStep step, double canaryRate, double seconds) {
        List<Ending> endings = simulate(endless(step), traffic.canary().withErrorRate(canaryRate), seconds);
        return endings.stream().filter(Ending::reverted).count() * 2 > runs;
    }

    private Detection detection(PlannedStep step, double canaryRate) {
        ArmBehaviour bad = traffic.canary().withErrorRate(Math.min(1, canaryRate));
        List<Ending> endings = simulate(endless(step), bad, traffic.patienceSeconds());
        double found = (double) endings.stream().filter(Ending::reverted).count() / runs;
        return new Detection(
                found, median(endings, Ending::reverted, Ending::seconds), median(endings, Ending::reverted, ending ->
                        (double) ending.canaryErrors()));
    }

    private static List<PlannedStep> endless(PlannedStep step) {
        return List.of(new PlannedStep(step.weight(), Double.POSITIVE_INFINITY));
    }

    private List<Ending> simulate(List<PlannedStep> steps, ArmBehaviour canary, double stepLimitSeconds) {
        Scenario scenario = Scenario.steady(traffic.requestsPerSecond(), traffic.stable(), canary, steps)
                .withStepLimit(stepLimitSeconds);
        var seeds = new SplitMix(seed);
        var endings = new ArrayList<Ending>(runs);
        for (int run = 0; run < runs; run++) {
            endings.add(new Simulation(plan, scenario, seeds.nextLong()).run());
        }
        return endings;
    }

    private double medianStepSeconds(List<Ending> healthy, int step) {
        return median(
                healthy,
                ending -> ending.stepsDone() > step,
                ending -> ending.stepSeconds().get(step));
    }

    /** Median over all runs, where those that do not meet the condition count as infinite. */
    private double median(List<Ending> endings, Predicate<Ending> ended, ToDoubleFunction<Ending> figure) {
        double[] figures = new double[endings.size()];
        for (int i = 0; i < figures.length; i++) {
            Ending ending = endings.get(i);
            figures[i] = ended.test(ending) ? figure.applyAsDouble(ending) : Double.POSITIVE_INFINITY;
        }
        Arrays.sort(figures);
        return figures[figures.length / 2];
    }
}
