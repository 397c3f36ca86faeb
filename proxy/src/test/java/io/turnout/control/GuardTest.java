package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.VariantEvidence;
import io.turnout.control.Command.Preconditions;
import io.turnout.model.Outcome;
import io.turnout.snapshot.PoolPlan;
import io.turnout.snapshot.TargetPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import io.turnout.testing.RawServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard over counters that the test moves by hand, as event loops would. */
class GuardTest {
    private static final String COMPARE = "guard: {stable: blue, compare: {to: stable}}";
    private static final String LIMIT =
            "guard: {stable: blue, errorRate: {max: 5%}, minRequests: 50, catastrophe: false}";
    private static final Duration TICK = Duration.ofMillis(100);

    @TempDir
    Path folder;

    private static String guarded(String split, String guard) {
        return Yaml.split("{" + split + "}\n    " + guard);
    }

    private static String guarded(int blue, int green, String guard) {
        return guarded("blue: " + blue + ", green: " + green, guard);
    }

    /** Counts answers of the variant in the epoch in force, some of them failures, as a loop does. */
    private static void serve(RunningControl running, String pool, int requests, int failures) {
        serve(meter(running, pool), running, pool, requests, failures);
    }

    private static void serve(VariantMeter meter, RunningControl running, String pool, int requests, int failures) {
        VariantMeter.Cell cell = meter.cell(0);
        EndpointMeter.Cell endpoint = endpoints(running, pool).cell(0);
        for (int i = 0; i < requests; i++) {
            boolean failed = i < failures;
            cell.onStarted(Weight.EVIDENCE);
            endpoint.onJudged(failed);
            if (failed) {
                cell.onCharged();
            }
            cell.onFinished(
                    Weight.EVIDENCE, failed ? Outcome.SERVER_ERROR : Outcome.SUCCESS, failed ? 500 : 200, 2000, 2500);
        }
    }

    private static VariantMeter meter(RunningControl running, String pool) {
        return running.control.published().current().routes().stream()
                .filter(route -> route.name().equals("shop"))
                .flatMap(route -> route.targets().stream())
                .filter(target -> target.pool().name().equals(pool))
                .map(TargetPlan::meter)
                .findFirst()
                .orElseThrow();
    }

    private static EndpointMeter endpoints(RunningControl running, String pool) {
        return running.control.published().current().pools().stream()
                .filter(plan -> plan.name().equals(pool))
                .map(PoolPlan::endpoints)
                .findFirst()
                .orElseThrow()
                .get(0)
                .meter();
    }

    private static GuardStatus guard(RunningControl running) {
        return running.route("shop").guard();
    }

    /** What is shown is made anew each second. */
    private static RouteEvidence evidence(RunningControl running) {
        running.time.pass(Duration.ofSeconds(1));
        looked(running);
        return Objects.requireNonNull(running.control.evidence("shop"));
    }

    /** Waits until the guard has seen all that was served: the thread runs in real time, its clock is the test's. */
    private static void look(RunningControl running) {
        running.time.pass(TICK);
        looked(running);
        running.time.pass(TICK);
        looked(running);
    }

    /** Two commands in a row: the routines have run between them. */
    private static void looked(RunningControl running) {
        for (int i = 0; i < 2; i++) {
            running.apply(new Command.ClearOverride("blog", ANN));
        }
    }

    private static List<String> actions(RunningControl running) {
        return Settled.audit(running.control, 100).stream()
                .map(AuditEntry::action)
                .toList();
    }

    private static void awaitReverted(RunningControl running) {
        await().untilAsserted(() -> assertThat(running.published("shop")).containsEntry("green", 0));
    }

    @Test
    void revertsACanaryThatIsWorseThanStableAndSaysWhy() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(95, 5, COMPARE))) {
            look(running);
            for (int i = 0; i < 20 && !running.published("shop").get("green").equals(0); i++) {
                serve(running, "blue", 95, 0);
                serve(running, "green", 5, 3);
                look(running);
            }
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
            assertThat(guard(running).state()).isEqualTo(GuardStatus.REVERTED);
            assertThat(guard(running).text()).contains("canary").contains("against stable 0/");
            AuditEntry entry = Settled.audit(running.control, 1).get(0);
            assertThat(entry.action()).isEqualTo("revert");
            assertThat(entry.actor()).isEqualTo("guard");
            assertThat(entry.before()).isEqualTo("blue 95, green 5");
            assertThat(entry.after()).isEqualTo("blue 100, green 0");
            assertThat(entry.reason()).startsWith("REVERTED shop at weight 5 %");
            assertThat(entry.evidence()).startsWith("green: ").contains("errors");
            look(running);
            VariantEvidence known = evidence(running).variants().get(0);
            assertThat(known.pool()).isEqualTo("green");
            assertThat(known.state()).isEqualTo(GuardStatus.REVERTED);
            assertThat(known.odds()).isGreaterThanOrEqualTo(known.oddsLimit());
        }
    }

    @Test
    void leavesAHealthyCanaryAloneAndCountsEveryRequestOnce() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(90, 10, COMPARE))) {
            look(running);
            for (int i = 0; i < 50; i++) {
                serve(running, "blue", 90, 1);
                serve(running, "green", 10, 0);
                look(running);
            }
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 90, "green", 10));
            VariantEvidence known = evidence(running).variants().get(0);
            assertThat(known.errors().trials()).isEqualTo(500);
            assertThat(known.errors().hits()).isZero();
            assertThat(known.errorsAgainst().trials()).isEqualTo(4500);
            assertThat(known.errorsAgainst().hits()).isEqualTo(50);
            assertThat(actions(running)).containsOnly("start");
        }
    }

    @Test
    void freezesAndSaysItOnceWhenBothSidesFail() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(90, 10, COMPARE))) {
            look(running);
            for (int i = 0; i < 30; i++) {
                serve(running, "blue", 90, 54);
                serve(running, "green", 10, 6);
                look(running);
            }
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 90, "green", 10));
            assertThat(guard(running).state()).isEqualTo(GuardStatus.SHARED_INCIDENT);
            assertThat(actions(running)).containsExactly("freeze", "start");
        }
    }

    @Test
    void revertsByAThresholdWithoutComparison() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(50, 50, LIMIT))) {
            look(running);
            serve(running, "blue", 100, 0);
            serve(running, "green", 100, 8);
            look(running);
            awaitReverted(running);
            assertThat(guard(running).text()).contains("error rate 8/100");
        }
    }

    @Test
    void keepsItsHandsOffWithoutAGuard() throws Exception {
        try (RunningControl running = RunningControl.start(folder, Yaml.split(50, 50))) {
            look(running);
            serve(running, "green", 100, 100);
            look(running);
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 50, "green", 50));
            assertThat(guard(running)).isEqualTo(new GuardStatus(GuardStatus.OFF, "", List.of()));
        }
    }

    @Test
    void movesNothingToAStableWithoutUsableEndpointUntilItHasOne() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(50, 50, LIMIT))) {
            for (String address : List.of("127.0.0.1:9001", "127.0.0.1:9002")) {
                running.apply(new Command.DrainEndpoint("blue", address, ANN));
            }
            look(running);
            serve(running, "green", 100, 50);
            look(running);
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 50, "green", 50));
            assertThat(guard(running).state()).isEqualTo(GuardStatus.HOLDING);
            assertThat(guard(running).text()).contains("pool blue has no usable endpoint");
            assertThat(actions(running).get(0)).isEqualTo("freeze");
            running.apply(new Command.ResumeEndpoint("blue", "127.0.0.1:9001", ANN));
            look(running);
            awaitReverted(running);
        }
    }

    @Test
    void movesNothingToAStableThatTakesNoConnections() throws Exception {
        try (RunningControl running =
                RunningControl.start(folder, guarded("blue: 50, red: 50", LIMIT.replace("blue", "red")))) {
            look(running);
            endpoints(running, "red").cell(0).onConnectFailure();
            serve(running, "blue", 100, 50);
            look(running);
            assertThat(guard(running).text()).contains("pool red has no usable endpoint");
            endpoints(running, "red").cell(0).onConnect();
            look(running);
            await().untilAsserted(() -> assertThat(running.published("shop")).containsEntry("blue", 0));
        }
    }

    @Test
    void aRevertOutlivesRestartAndUnrelatedReloadButNotAChangedSplit() throws Exception {
        String yaml = guarded(50, 50, LIMIT);
        RunningControl running = RunningControl.start(folder, yaml);
        try {
            look(running);
            serve(running, "green", 100, 50);
            look(running);
            awaitReverted(running);
            String why = guard(running).text();
            running = running.restart(yaml);
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
            assertThat(guard(running).state()).isEqualTo(GuardStatus.REVERTED);
            assertThat(guard(running).text()).isEqualTo(why);
            running.reload(yaml.replace("/blog", "/news"));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
            running.reload(guarded(60, 40, LIMIT).replace("/blog", "/news"));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 60, "green", 40));
            look(running);
            assertThat(guard(running).state()).isEqualTo(GuardStatus.HOLDING);
        } finally {
            running.close();
        }
    }

    @Test
    void aRevertEndsWithAChangedSplitEvenWhereOverridesWin() throws Exception {
        String yaml = guarded("weights: {blue: 50, green: 50}, onConflict: override", LIMIT);
        try (RunningControl running = RunningControl.start(folder, yaml)) {
            look(running);
            serve(running, "green", 100, 50);
            look(running);
            awaitReverted(running);
            running.reload(yaml.replace("green: 50", "green: 40"));
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 50, "green", 40));
        }
    }

    @Test
    void explicitWeightsGiveACanaryAnotherTrialWithoutTheLastOnesLateAnswers() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(50, 50, LIMIT))) {
            look(running);
            VariantMeter firstEpoch = meter(running, "green");
            serve(running, "green", 100, 50);
            look(running);
            awaitReverted(running);
            running.weights("shop", Map.of("blue", 90, "green", 10));
            look(running);
            serve(firstEpoch, running, "green", 100, 100);
            serve(running, "green", 100, 0);
            look(running);
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 90, "green", 10));
            assertThat(evidence(running).variants().get(0).errors().trials()).isEqualTo(100);
            assertThat(evidence(running).variants().get(0).errors().hits()).isZero();
        }
    }

    @Test
    void countsLateAnswersUnderTheWeightTheirRequestsWereRoutedBy() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(90, 10, COMPARE))) {
            look(running);
            VariantMeter firstEpoch = meter(running, "green");
            running.weights("shop", Map.of("blue", 50, "green", 50));
            look(running);
            serve(firstEpoch, running, "green", 10, 0);
            look(running);
            assertThat(firstEpoch.share()).isEqualTo(10);
            assertThat(meter(running, "green").share()).isEqualTo(50);
            assertThat(meter(running, "green").epoch())
                    .isEqualTo(meter(running, "blue").epoch());
            assertThat(evidence(running).variants().get(0).errors().trials()).isEqualTo(10);
        }
    }

    @Test
    void takesASwitchBackWhenTheNewSideFailsMoreThanTheOldOneDid() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(100, 0, COMPARE))) {
            look(running);
            serve(running, "blue", 2000, 0);
            look(running);
            running.apply(new Command.SwitchTo("shop", "green", Preconditions.CHECKED, ANN));
            look(running);
            for (int i = 0; i < 20 && !running.published("shop").get("green").equals(0); i++) {
                serve(running, "green", 50, 5);
                look(running);
            }
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 100, "green", 0));
            assertThat(guard(running).state()).isEqualTo(GuardStatus.REVERTED);
        }
    }

    @Test
    void takesASwitchToStableBackToo() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(0, 100, COMPARE))) {
            look(running);
            serve(running, "green", 2000, 0);
            look(running);
            running.apply(new Command.SwitchTo("shop", "blue", Preconditions.CHECKED, ANN));
            look(running);
            serve(running, "blue", 50, 50);
            look(running);
            await().untilAsserted(
                            () -> assertThat(running.published("shop")).isEqualTo(Map.of("blue", 0, "green", 100)));
            assertThat(guard(running).variants())
                    .extracting(GuardStatus.Variant::pool)
                    .contains("blue");
            look(running);
            serve(running, "green", 100, 100);
            look(running);
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 0, "green", 100));
            assertThat(guard(running).variants())
                    .filteredOn(variant -> variant.pool().equals("green"))
                    .extracting(GuardStatus.Variant::text)
                    .singleElement()
                    .asString()
                    .startsWith("not reverted, pool blue was reverted itself");
        }
    }

    @Test
    void trustsASwitchOnceItsWatchIsOver() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(100, 0, COMPARE))) {
            look(running);
            running.apply(new Command.SwitchTo("shop", "green", Preconditions.CHECKED, ANN));
            look(running);
            assertThat(guard(running).state()).isEqualTo(GuardStatus.HOLDING);
            running.time.pass(Duration.ofMinutes(10));
            look(running);
            assertThat(guard(running).state()).isEqualTo(GuardStatus.OFF);
            serve(running, "green", 500, 500);
            look(running);
            assertThat(running.published("shop")).isEqualTo(Map.of("blue", 0, "green", 100));
        }
    }

    @Test
    void watchesOnAfterARestart() throws Exception {
        String yaml = guarded(100, 0, COMPARE);
        RunningControl running = RunningControl.start(folder, yaml);
        try {
            running.apply(new Command.SwitchTo("shop", "green", Preconditions.CHECKED, ANN));
            running.time.pass(Duration.ofMinutes(6));
            running = running.restart(yaml);
            look(running);
            assertThat(guard(running).state()).isEqualTo(GuardStatus.HOLDING);
            running.time.pass(Duration.ofMinutes(4));
            look(running);
            assertThat(guard(running).state()).isEqualTo(GuardStatus.OFF);
        } finally {
            running.close();
        }
    }

    @Test
    void aReceiverThatHangsDelaysNoRevert() throws Exception {
        try (RawServer hanging = RawServer.start(connection -> connection.readUntil("never"));
                RunningControl running = RunningControl.start(
                        folder,
                        guarded(50, 50, LIMIT) + "webhooks: [{name: pager, url: \"http://127.0.0.1:" + hanging.port()
                                + "/\", timeout: 1m}]\n")) {
            look(running);
            running.weights("shop", Map.of("blue", 40, "green", 60));
            await().until(() -> hanging.connections() > 0);
            look(running);
            serve(running, "green", 100, 50);
            look(running);
            assertThat(running.published("shop")).containsEntry("green", 0);
            assertThat(running.control.counters().webhooks().delivered()).isZero();
        }
    }

    @Test
    void leavesOutWhatRulesForced() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(50, 50, LIMIT))) {
            look(running);
            for (int i = 0; i < 500; i++) {
                VariantMeter.Cell cell = meter(running, "green").cell(1);
                cell.onStarted(Weight.FORCED);
                cell.onFinished(Weight.FORCED, Outcome.SERVER_ERROR, 500, 1000, 1000);
            }
            look(running);
            assertThat(evidence(running).variants().get(0).errors().trials()).isZero();
        }
    }

    /** Time passes in steps that do not look like a standstill. */
    private static void watchFor(HandTraffic traffic, Duration time) {
        Duration step = Duration.ofMillis(4_500);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            traffic.look(step);
        }
    }

    @Test
    void holdsAStandstillOfTheProcessAgainstNobody() throws Exception {
        String limit = "guard: {stable: blue, latency: {p99: 1s}, minRequests: 50, catastrophe: false}";
        try (RunningControl running = RunningControl.start(folder, guarded(50, 50, limit))) {
            HandTraffic traffic = new HandTraffic(running);
            traffic.look();
            traffic.serve("blue", 100, 0, 2_000).serve("green", 100, 0, 2_000).look();
            // What was under way when the process was stopped is answered as it goes on, late and not at once.
            traffic.serve("green", 1000, 0, 20_000_000).look(Duration.ofSeconds(20));
            traffic.serve("green", 1000, 0, 20_000_000).look();
            watchFor(traffic, Duration.ofSeconds(5));
            assertThat(running.published("shop")).containsEntry("green", 50);

            for (int i = 0; i < 60 && !running.published("shop").get("green").equals(0); i++) {
                traffic.serve("green", 100, 0, 2_000_000).look(Duration.ofSeconds(1));
            }
            assertThat(running.published("shop")).containsEntry("green", 0);
        }
    }

    @Test
    void beginsAnotherTrialEverySixHoursOfWeightsThatStay() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(95, 5, COMPARE))) {
            HandTraffic traffic = new HandTraffic(running);
            traffic.serve("blue", 95, 0).serve("green", 5, 0).look();
            watchFor(traffic, Duration.ofHours(5));
            assertThat(evidence(running).variants().get(0).errors().trials()).isEqualTo(5);
            watchFor(traffic, Duration.ofHours(1).plusSeconds(2));
            await().untilAsserted(() -> assertThat(
                            evidence(running).variants().get(0).errors().trials())
                    .isZero());
            traffic.serve("blue", 95, 0).serve("green", 7, 0).look(Duration.ofSeconds(2));
            await().untilAsserted(() -> assertThat(
                            evidence(running).variants().get(0).errors().trials())
                    .isEqualTo(7));
        }
    }

    private static void switchAndServe(RunningControl running, int micros) {
        HandTraffic traffic = new HandTraffic(running);
        for (int i = 0; i < 10; i++) {
            traffic.serve("blue", 100, 0).look(Duration.ofSeconds(1));
        }
        running.apply(new Command.SwitchTo("shop", "green", Preconditions.CHECKED, ANN));
        for (int i = 0; i < 60 && !running.published("shop").get("green").equals(0); i++) {
            traffic.serve("green", 100, 0, micros).look(Duration.ofSeconds(1));
        }
    }

    @Test
    void takesASwitchToASideThatIsMuchSlowerBack() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(100, 0, COMPARE))) {
            switchAndServe(running, 60_000);
            assertThat(running.published("shop")).containsEntry("green", 0);
            assertThat(Settled.audit(running.control, 1).get(0).reason()).contains("p50");
        }
    }

    @Test
    void leavesASwitchToASideThatIsALittleSlower() throws Exception {
        try (RunningControl running = RunningControl.start(folder, guarded(100, 0, COMPARE))) {
            switchAndServe(running, 10_000);
            assertThat(running.published("shop")).containsEntry("green", 100);
        }
    }
}
