package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.OverrideStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OverrideLifeTest {
    private static final Map<String, Integer> CANARY = Map.of("blue", 50, "green", 50);
    private static final String FILE = Yaml.split(95, 5);

    @TempDir
    Path folder;

    /** A file that follows on {@link #FILE}, and what becomes of an override of {@link #CANARY}. */
    private record Next(String name, String yaml, boolean kept, boolean drift, Map<String, Integer> weights) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Next> files() {
        return List.of(
                new Next("same split other comment", "# comment\n" + FILE, true, false, CANARY),
                new Next("unrelated change", FILE.replace("/blog", "/news"), true, false, CANARY),
                new Next(
                        "other key",
                        Yaml.split("{weights: {blue: 95, green: 5}, key: {cookie: uid}, onEmpty: fail}"),
                        true,
                        false,
                        CANARY),
                new Next("other order", Yaml.split("{weights: {green: 5, blue: 95}}"), true, false, CANARY),
                new Next("other weights", Yaml.split(90, 10), false, false, Map.of("blue", 90, "green", 10)),
                new Next("same weights as the override", Yaml.split(50, 50), false, false, CANARY),
                new Next(
                        "one more pool",
                        Yaml.split("{weights: {blue: 95, green: 5, red: 1}}"),
                        false,
                        false,
                        Map.of("blue", 95, "green", 5, "red", 1)),
                new Next("pool gone", Yaml.split("{weights: {blue: 1}}"), false, false, Map.of("blue", 1)),
                new Next("route gone", FILE.replace("name: shop", "name: market"), false, false, Map.of()),
                new Next("override wins same split", Yaml.overrideWins(95, 5), true, false, CANARY),
                new Next("override wins other weights", Yaml.overrideWins(90, 10), true, true, CANARY),
                new Next(
                        "override wins one more pool",
                        Yaml.split("{weights: {blue: 95, green: 5, red: 1}, onConflict: override}"),
                        true,
                        true,
                        Map.of("blue", 50, "green", 50, "red", 0)),
                new Next(
                        "override wins pool gone",
                        Yaml.split("{weights: {blue: 1, red: 2}, onConflict: override}"),
                        false,
                        false,
                        Map.of("blue", 1, "red", 2)));
    }

    private static void assertOutcome(RunningControl turnout, Next next) {
        assertThat(turnout.published("shop")).isEqualTo(next.weights);
        if (next.kept) {
            OverrideStatus override =
                    Objects.requireNonNull(turnout.route("shop").override());
            assertThat(override.drift()).isEqualTo(next.drift);
            assertThat(override.laidOver()).isEqualTo(Map.of("blue", 95, "green", 5));
            return;
        }
        assertThat(turnout.control.counters().overrides()).isZero();
        AuditEntry ending = Settled.audit(turnout.control, 10).stream()
                .filter(entry -> entry.action().equals("overrideEnded"))
                .findFirst()
                .orElseThrow();
        assertThat(ending.subject()).isEqualTo("route shop");
        assertThat(ending.reason()).startsWith("the file");
    }

    @ParameterizedTest
    @MethodSource("files")
    void endsOrStaysWhenTheFileIsReloaded(Next next) throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            turnout.weights("shop", CANARY);
            turnout.reload(next.yaml);
            assertOutcome(turnout, next);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void endsOrStaysWhenTheFileChangedBeforeARestart(Next next) throws Exception {
        RunningControl first = RunningControl.start(folder, FILE);
        first.weights("shop", CANARY);
        try (RunningControl turnout = first.restart(next.yaml)) {
            assertOutcome(turnout, next);
        }
    }

    @Test
    void staysEndedWhenTheFileGoesBack() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            turnout.weights("shop", CANARY);
            turnout.reload(Yaml.split(90, 10));
            turnout.reload(FILE);
            assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5));
        }
    }

    @Test
    void driftsNoMoreWhenTheFileGoesBack() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, Yaml.overrideWins(95, 5))) {
            turnout.weights("shop", CANARY);
            turnout.reload(Yaml.overrideWins(90, 10));
            turnout.reload(Yaml.overrideWins(95, 5));
            assertThat(turnout.route("shop").override()).isNotNull().returns(false, OverrideStatus::drift);
        }
    }

    @Test
    void survivesARestartAsItWas() throws Exception {
        RunningControl first = RunningControl.start(folder, FILE);
        first.weights("shop", CANARY);
        first.apply(new Command.DrainEndpoint("blue", "127.0.0.1:9002", ANN));
        OverrideStatus before = first.route("shop").override();
        long generation = first.control.generation();
        try (RunningControl turnout = first.restart(FILE)) {
            assertThat(turnout.published("shop")).isEqualTo(CANARY);
            assertThat(turnout.route("shop").override()).isEqualTo(before);
            assertThat(turnout.control.pools().get(0).endpoints().get(1).admin())
                    .isEqualTo("drained");
            assertThat(turnout.control.generation()).isGreaterThan(generation);
            assertThat(Settled.audit(turnout.control, 1).get(0).action()).isEqualTo("start");
        }
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            turnout.apply(new Command.SetWeights("shop", CANARY, Duration.ofMinutes(30), ANN));
            turnout.time.pass(Duration.ofMinutes(10));
            assertThat(turnout.route("shop").override())
                    .isNotNull()
                    .returns(1200L, OverrideStatus::ttlSeconds)
                    .returns(turnout.time.instant().plusSeconds(1200), OverrideStatus::expiresAt);
            turnout.time.pass(Duration.ofMinutes(20).minusNanos(1));
            turnout.weights("blog", Map.of("blue", 2));
            assertThat(turnout.published("shop")).isEqualTo(CANARY);
            turnout.time.pass(Duration.ofNanos(1));
            await().untilAsserted(
                            () -> assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5)));
            await().untilAsserted(
                            () -> assertThat(Settled.audit(turnout.control, 1).get(0))
                                    .returns("overrideEnded", AuditEntry::action)
                                    .returns("ttl", AuditEntry::actor)
                                    .returns("its time is over", AuditEntry::reason));
        }
    }

    @Test
    void lastsItsTimeThoughTheWallClockIsSet() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            turnout.apply(new Command.SetWeights("shop", CANARY, Duration.ofMinutes(30), ANN));
            turnout.time.setWallClock(Duration.ofHours(5));
            turnout.time.pass(Duration.ofMinutes(29));
            turnout.weights("blog", Map.of("blue", 2));
            turnout.weights("blog", Map.of("blue", 3));
            assertThat(turnout.published("shop")).isEqualTo(CANARY);
            turnout.time.setWallClock(Duration.ofHours(-10));
            turnout.time.pass(Duration.ofMinutes(1));
            await().untilAsserted(
                            () -> assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5)));
        }
    }

    @Test
    void getsItsTimeAnewWhenItIsLaidAgain() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            turnout.apply(new Command.SetWeights("shop", CANARY, Duration.ofMinutes(30), ANN));
            turnout.time.pass(Duration.ofMinutes(20));
            turnout.apply(new Command.SetWeights("shop", CANARY, Duration.ofMinutes(30), ANN));
            turnout.time.pass(Duration.ofMinutes(20));
            turnout.weights("blog", Map.of("blue", 2));
            turnout.weights("blog", Map.of("blue", 3));
            assertThat(turnout.published("shop")).isEqualTo(CANARY);
            assertThat(turnout.weights("shop", CANARY).changed()).isTrue();
            turnout.time.pass(Duration.ofDays(300));
            turnout.weights("blog", Map.of("blue", 4));
            turnout.weights("blog", Map.of("blue", 5));
            assertThat(turnout.published("shop")).isEqualTo(CANARY);
        }
    }

    @Test
    void isForGoodWhenASwitchToTheSamePoolFollows() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            turnout.apply(new Command.SetWeights("shop", Map.of("green", 1), Duration.ofMinutes(30), ANN));
            Command.SwitchTo forGood = new Command.SwitchTo("shop", "green", Command.Preconditions.CHECKED, ANN);
            assertThat(turnout.apply(forGood).changed()).isTrue();
            assertThat(turnout.route("shop").override()).isNotNull().returns(null, OverrideStatus::expiresAt);
            assertThat(turnout.apply(forGood).changed()).isFalse();
        }
    }

    @Test
    void endsAtARestartWhenItsTimeWasOverMeanwhile() throws Exception {
        RunningControl first = RunningControl.start(folder, FILE);
        first.apply(new Command.SetWeights("shop", CANARY, Duration.ofMinutes(30), ANN));
        first.close();
        first.time.pass(Duration.ofMinutes(31));
        RunningControl second = first.restart(FILE);
        assertThat(second.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5));
        assertThat(second.route("shop").override()).isNull();
        second.time.setWallClock(Duration.ofMinutes(-31));
        try (RunningControl third = second.restart(FILE)) {
            assertThat(third.route("shop").override())
                    .as("an end is remembered")
                    .isNull();
        }
    }

    @Test
    void lastsOnlyTheRestOfItsTimeAfterARestart() throws Exception {
        RunningControl first = RunningControl.start(folder, FILE);
        first.apply(new Command.SetWeights("shop", CANARY, Duration.ofMinutes(30), ANN));
        first.time.pass(Duration.ofMinutes(20));
        try (RunningControl turnout = first.restart(FILE)) {
            assertThat(turnout.published("shop")).isEqualTo(CANARY);
            turnout.time.pass(Duration.ofMinutes(10));
            await().untilAsserted(
                            () -> assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5)));
        }
    }

    @Test
    void isTheLastOfManyAfterARestart() throws Exception {
        RunningControl first = RunningControl.start(folder, FILE);
        for (int i = 1; i <= 300; i++) {
            first.weights("shop", Map.of("blue", i, "green", 1));
        }
        try (RunningControl turnout = first.restart(FILE)) {
            assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 300, "green", 1));
        }
    }
}
