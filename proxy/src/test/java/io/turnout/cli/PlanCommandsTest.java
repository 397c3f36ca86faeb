package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.config.TurnoutConfig;
import io.turnout.judge.plan.Scenario;
import io.turnout.judge.plan.Scenario.PlannedStep;
import io.turnout.rollout.RolloutPlan;
import io.turnout.rollout.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that run the judge on virtual time. Every figure is a function of the seed, which is given or 1. */
class PlanCommandsTest {
    private static final String CONFIG = """
            listeners: [{name: web, address: 127.0.0.1:8080}]
            pools: {blue: ["127.0.0.1:9001", "127.0.0.1:9002"], green: ["127.0.0.1:9011"]}
            routes:
              - name: shop
                split: {blue: 100, green: 0}
                guard: {stable: blue, compare: {to: stable}}
                rollout: {canary: green, steps: [5%, 50%, 100%], hold: 1m, control: {hold: 0s}}
              - name: plain
                match: {path: {prefix: /plain}}
                split: {blue: 1}
            """;

    @TempDir
    private Path folder;

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("turnout.yaml"), yaml).toString();
    }

    private TurnoutConfig config(String yaml) throws Exception {
        return ConfigFile.valid(Path.of(file(yaml)), new OutputOption());
    }

    private static JsonNode json(Typed typed) {
        assertThat(typed.err()).isEmpty();
        assertThat(typed.exitCode()).isEqualTo(ExitCode.OK);
        return new JsonMapper().readTree(typed.out());
    }

    @Test
    void planForecastsEveryStepBelowAllTraffic() throws Exception {
        JsonNode plan = json(Typed.run("plan", file(CONFIG), "--rate", "200", "--runs", "9", "-o", "json"));

        assertThat(plan.get("route").asString()).isEqualTo("shop");
        assertThat(plan.get("falseReverts").asInt()).isZero();
        assertThat(plan.get("steps").size()).isEqualTo(2);
        JsonNode first = plan.at("/steps/0");
        assertThat(first.get("weight").asDouble()).isEqualTo(.05);
        assertThat(first.get("seconds").asDouble()).isBetween(60.0, 600.0);
        assertThat(first.get("smallestVisibleRatio").asDouble()).isBetween(1.25, 7.0);
        assertThat(first.at("/totalFailure/foundShare").asDouble()).isEqualTo(1);
        assertThat(first.at("/totalFailure/failedRequests").asDouble()).isBetween(5.0, 10.0);
        assertThat(first.at("/fivefold/seconds").asDouble())
                .isLessThan(first.at("/twofold/seconds").asDouble());
        assertThat(plan.get("seconds").asDouble()).isBetween(120.0, 1_200.0);
    }

    @Test
    void planIsATableForPeopleAndTheSameForTheSameSeed() throws Exception {
        String[] command = {"plan", file(CONFIG), "--rate", "200", "--runs", "3", "--seed", "4"};
        Typed typed = Typed.run(command);

        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out())
                .startsWith("route shop at 200 requests/s, stable failing 1.00 %\n\nWEIGHT ")
                .contains("TOTAL FAILURE\n5.00 %", "\n50.00 %", "false reverts: ", "medians of 3 simulations, seed 4;");
        assertThat(Typed.run(command)).isEqualTo(typed);
    }

    @Test
    void planSaysNeverWhereTrafficIsTooThin() throws Exception {
        String[] thin = {"plan", file(CONFIG), "--rate", "0.05", "--runs", "3", "--patience", "10m"};

        assertThat(Typed.run(thin).out())
                .contains("never", "healthy rollout to the end of these steps: never", "not within 10m");
        JsonNode plan = json(Typed.run(with(thin, "-o", "json")));
        assertThat(plan.at("/steps/0/seconds").isNull()).isTrue();
        assertThat(plan.at("/steps/0/twofold/seconds").isNull()).isTrue();
    }

    @Test
    void simulateFindsARegressionAndSaysWhatItCost() throws Exception {
        JsonNode ending = json(simulate("--regression", "errors=10%", "--at", "30s", "-o", "json"));

        assertThat(ending.get("outcome").asString()).isEqualTo("reverted");
        assertThat(ending.get("verdict").asString()).startsWith("REVERTED shop at weight 5 % after ");
        double seconds = ending.get("seconds").asDouble();
        assertThat(seconds).isGreaterThan(30);
        assertThat(ending.get("secondsAfterRegression").asDouble()).isEqualTo(Math.round(10 * (seconds - 30)) / 10.0);
        assertThat(ending.get("failedRequests").asLong())
                .isBetween(5L, ending.get("canaryRequests").asLong());
        assertThat(ending.at("/events/0/event").asString()).isEqualTo("rollout.started");
        assertThat(ending.get("events")
                        .get(ending.get("events").size() - 1)
                        .get("event")
                        .asString())
                .isEqualTo("rollout.reverted");
    }

    @Test
    void simulateRevertsATotalFailureWithinAHandfulOfRequests() throws Exception {
        JsonNode ending = json(simulate("--regression", "total", "-o", "json"));

        assertThat(ending.get("outcome").asString()).isEqualTo("reverted");
        assertThat(ending.get("failedRequests").asLong()).isBetween(5L, 10L);
    }

    @Test
    void simulateFindsSlowness() throws Exception {
        Typed typed = simulate("--regression", "latency=3x");

        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out())
                .contains("odds of being slow", "\nreverted after ", " after the regression began: ")
                .endsWith(" of them failed\n");
        assertThat(simulate("--regression", "latency=3x")).isEqualTo(typed);
    }

    @Test
    void simulateTakesAHealthyCanaryToAllTraffic() throws Exception {
        JsonNode ending = json(simulate("-o", "json"));

        assertThat(ending.get("outcome").asString()).isEqualTo("succeeded");
        assertThat(ending.get("seconds").asDouble()).isBetween(120.0, 1_200.0);
        assertThat(ending.get("secondsAfterRegression").isNull()).isTrue();
        assertThat(ending.get("events"))
                .extracting(event -> event.get("event").asString())
                .containsExactly("rollout.started", "rollout.step", "rollout.step", "rollout.succeeded");
    }

    @Test
    void simulateSaysWhatAnUndecidedRolloutWaitsFor() throws Exception {
        Typed typed = Typed.run("simulate", file(CONFIG), "--rate", "0.001");

        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out()).contains("undecided after 1d:", "canary request");
    }

    @Test
    void aFileThatCannotBeUsedEndsWithItsProblems() throws Exception {
        String file = file(CONFIG.replace("canary: green", "canary: gren"));

        for (String command : List.of("plan", "simulate")) {
            Typed typed = Typed.run(command, file, "--rate", "10");
            assertThat(typed.exitCode()).isEqualTo(ExitCode.INVALID_CONFIG);
            assertThat(typed.out()).isEmpty();
            assertThat(typed.err()).contains(file + ":7:", "did you mean \"green\"?", ": 1 error");

            Typed forPrograms = Typed.run(command, file, "--rate", "10", "-o", "json");
            assertThat(forPrograms.exitCode()).isEqualTo(ExitCode.INVALID_CONFIG);
            assertThat(new JsonMapper().readTree(forPrograms.err()).get("valid").asBoolean())
                    .isFalse();
        }
    }

    @Test
    void aRouteWithoutARolloutIsRefusedWithThoseThatHaveOne() throws Exception {
        String file = file(CONFIG);

        Typed plain = Typed.run("plan", file, "--rate", "10", "--route", "plain");
        assertThat(plain.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(plain.err()).isEqualTo("route plain has no guard and rollout; routes that have both: shop\n");

        Typed unknown = Typed.run("simulate", file, "--rate", "10", "--route", "shp");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(unknown.err()).isEqualTo("there is no route shp; routes that have both: shop\n");
    }

    @Test
    void severalRolloutsNeedAChoiceAndNoneIsAnError() throws Exception {
        String second = CONFIG.substring(CONFIG.indexOf("  - name: shop"), CONFIG.indexOf("  - name: plain"))
                .replace("name: shop", "name: cart\n    match: {path: {prefix: /cart}}");
        Typed several = Typed.run("plan", file(CONFIG + second), "--rate", "10");
        assertThat(several.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(several.err()).contains("--route with one of shop, cart");

        String none = CONFIG.substring(0, CONFIG.indexOf("    rollout:"));
        Typed without = Typed.run("plan", file(none), "--rate", "10");
        assertThat(without.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(without.err()).contains("no route has a guard and a rollout");
    }

    @Test
    void aRolloutOfAllTrafficAtOnceHasNothingToPlan() throws Exception {
        Typed typed = Typed.run("plan", file(CONFIG.replace("5%, 50%, ", "")), "--rate", "10");

        assertThat(typed.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(typed.err()).contains("there is no step to plan");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rate 0",
                "--rate nan",
                "--rate 1e9",
                "--rate 10 --error-rate 1",
                "--rate 10 --error-rate 0%",
                "--rate 10 --error-rate 51%",
                "--rate 10 --latency 20",
                "--rate 10 --latency 0s",
                "--rate 10 --runs 0",
                "--rate 10 --runs 10001",
                "--rate 10 --patience 10ms"
            })
    void planRefusesWhatItCannotSimulate(String options) throws Exception {
        Typed typed = Typed.run(with(new String[] {"plan", file(CONFIG)}, options.split(" ")));

        assertThat(typed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("--");
    }

    @ParameterizedTest
    @ValueSource(strings = {"errors=5", "errors=101%", "latency=2", "latency=0x", "latency=1001x", "slow", ""})
    void aRegressionThatIsNoneIsAMisuse(String regression) throws Exception {
        Typed typed = simulate("--regression", regression);

        assertThat(typed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("--regression", "found ", "expected ");
    }

    @Test
    void stepsEndWithAControlShareAndTheirLeastRequestsTakeTime() throws Exception {
        String yaml = CONFIG.replace(
                "steps: [5%, 50%, 100%], hold: 1m, control: {hold: 0s}",
                "steps: [{weight: 1%, minRequests: 600}, 100%], hold: 1m, control: {weight: 10%, hold: 3m}");
        JudgedRoute judged = JudgedRoute.of(config(yaml), "shop");

        assertThat(judged.plannedSteps(100))
                .containsExactly(
                        new PlannedStep(.01, 600, Scenario.End.EVIDENCE), new PlannedStep(.9, 180, Scenario.End.CLOCK));
        RolloutPlan plan = judged.rolloutPlan();
        assertThat(plan.steps()).isEqualTo(1);
        assertThat(plan.rungs())
                .containsExactly(
                        Rung.step(10_000, Duration.ofMinutes(1)).withMinRequests(600),
                        new Rung(900_000, Duration.ofMinutes(3), 0, List.of(), Rung.Proof.WAIVED),
                        new Rung(1_000_000, Duration.ZERO, 0, List.of(), Rung.Proof.WAIVED));
    }

    @Test
    void workStaysBoundedWhateverIsAsked() {
        var day = new PlannedStep(.01, 86_400);
        PlanWork busy = PlanWork.of(100_000, List.of(new PlannedStep(.01, 60), new PlannedStep(.5, 60)), null, null);
        assertThat(busy.runs()).isEqualTo(5);
        assertThat(busy.patienceSeconds()).isBetween(159.0, 159.1);

        PlanWork calm = PlanWork.of(1, List.of(new PlannedStep(.01, 60)), null, null);
        assertThat(calm.runs()).isEqualTo(73);
        assertThat(calm.patienceSeconds()).isEqualTo(3_600);

        assertThat(PlanWork.of(1, List.of(day), null, null).patienceSeconds()).isGreaterThan(86_400);
        assertThat(PlanWork.of(1, List.of(day), 5.0, 7)).isEqualTo(new PlanWork(5, 7));
    }

    private Typed simulate(String... options) throws IOException {
        return Typed.run(with(new String[] {"simulate", file(CONFIG), "--rate", "200"}, options));
    }

    private static String[] with(String[] command, String... options) {
        String[] all = new String[command.length + options.length];
        System.arraycopy(command, 0, all, 0, command.length);
        System.arraycopy(options, 0, all, command.length, options.length);
        return all;
    }
}
