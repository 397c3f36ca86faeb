package io.turnout.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.VariantStatus;
import io.turnout.model.Outcome;
import io.turnout.snapshot.TargetPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusViewsTest {
    private static final String FILE = Yaml.split("{weights: {blue: 3, green: 1}, onEmpty: {pool: red}}");

    @TempDir
    Path folder;

    private RunningControl turnout;

    @BeforeEach
    void start() throws Exception {
        turnout = RunningControl.start(folder, FILE);
    }

    @AfterEach
    void stop() {
        turnout.close();
    }

    private TargetPlan target(int slot) {
        return turnout.control.published().current().routes().get(0).targets().get(slot);
    }

    private VariantStatus variant(int index) {
        return turnout.route("shop").variants().get(index);
    }

    private static void exchange(VariantMeter.Cell cell, Weight weight, Outcome outcome, long totalMicros) {
        cell.onStarted(weight);
        if (weight == Weight.EVIDENCE && outcome.chargedToVariant()) {
            cell.onCharged();
        }
        cell.onFinished(weight, outcome, 200, totalMicros, totalMicros);
    }

    @Test
    void showVariantsOfTheSplitAndThenTheOtherPoolsOfTheRoute() {
        RouteStatus route = turnout.route("shop");
        assertThat(route.variants()).extracting(VariantStatus::pool).containsExactly("blue", "green", "red");
        assertThat(route.variants()).extracting(VariantStatus::share).containsExactly(0.75, 0.25, 0.0);
        assertThat(route.guard().state()).isEqualTo("off");
        assertThat(route.rollout()).isNull();
        assertThat(turnout.control.route("nothing")).isNull();
    }

    private Instant healthySince() {
        return turnout.control
                .status()
                .pools()
                .get(0)
                .endpoints()
                .get(0)
                .health()
                .since();
    }

    @Test
    void tellTheSameTimeOfTheSameMomentWhileTheClocksDriftApart() {
        Instant since = healthySince();
        for (int i = 0; i < 20; i++) {
            turnout.time.pass(Duration.ofNanos(333_333));
            turnout.time.setWallClock(Duration.ofNanos(i % 2 == 0 ? 700_000 : -500_000));
            assertThat(healthySince()).isEqualTo(since);
        }
        turnout.time.setWallClock(Duration.ofHours(2));
        assertThat(healthySince()).isEqualTo(since.plus(Duration.ofHours(2)).plusMillis(2));
    }

    @Test
    void countRequestsAndErrorsOverAllLoopsAndEpochs() {
        exchange(target(0).meter().cell(0), Weight.EVIDENCE, Outcome.SUCCESS, 10_000);
        exchange(target(0).meter().cell(1), Weight.EVIDENCE, Outcome.SERVER_ERROR, 10_000);
        turnout.weights("shop", Map.of("blue", 1, "green", 1));
        exchange(target(0).meter().cell(0), Weight.FORCED, Outcome.TIMEOUT, 10_000);
        exchange(target(0).meter().cell(0), Weight.FORCED, Outcome.CLIENT_ERROR, 20_000);
        assertThat(variant(0).requests()).isEqualTo(4);
        assertThat(variant(0).errors()).isEqualTo(2);
        assertThat(variant(1).requests()).isZero();
        assertThat(turnout.control.counters().series().get(0).totals().started())
                .isEqualTo(4);
    }

    @Test
    void showQuantilesOfLatencyInMilliseconds() {
        for (int i = 1; i <= 100; i++) {
            exchange(target(0).meter().cell(i % 2), Weight.EVIDENCE, Outcome.SUCCESS, i * 1_000L);
        }
        assertThat(variant(0).latency().p50()).isCloseTo(50, Offset.offset(1.0));
        assertThat(variant(0).latency().p95()).isCloseTo(95, Offset.offset(2.0));
        assertThat(variant(0).latency().p99()).isCloseTo(99, Offset.offset(2.0));
        assertThat(variant(1).latency().p50()).isNull();
    }

    @Test
    void showRequestsPerSecondOfTheLastTenSeconds() {
        await().untilAsserted(() -> {
            turnout.time.pass(Duration.ofSeconds(1));
            for (int i = 0; i < 30; i++) {
                target(0).meter().cell(0).onStarted(Weight.EVIDENCE);
            }
            // A tick comes each 100 ms; whatever number of seconds lies between two samples, the rate is the same.
            assertThat(variant(0).requestsPerSecond()).isCloseTo(30, Offset.offset(6.0));
        });
        assertThat(variant(1).requestsPerSecond()).isZero();
        await().untilAsserted(() -> {
            turnout.time.pass(Duration.ofSeconds(5));
            assertThat(variant(0).requestsPerSecond()).isZero();
        });
    }

    @Test
    void showWhatEndpointsDo() {
        EndpointMeter.Cell cell = target(1).pool().endpoints().get(0).meter().cell(1);
        cell.onConnect();
        cell.onRequest();
        cell.onRequest();
        cell.onRequestEnd(true);
        assertThat(turnout.control.pools().get(1).endpoints())
                .containsExactly(new EndpointStatus(
                        "127.0.0.1:9011",
                        "127.0.0.1:9011",
                        "active",
                        new EndpointStatus.Health("healthy", "", turnout.time.instant(), null),
                        1,
                        1,
                        2,
                        1,
                        null));
        assertThat(turnout.control.counters().endpoints()).hasSize(4);
        assertThat(turnout.control.counters().loops()).hasSize(2);
    }

    @Test
    void agreeAboutTheWholeAndItsParts() {
        var status = turnout.control.status();
        assertThat(status.routes()).extracting(RouteStatus::name).containsExactly("shop", "blog");
        assertThat(status.routes().get(0)).isEqualTo(turnout.route("shop"));
        assertThat(status.pools()).isEqualTo(turnout.control.pools());
        assertThat(status.generation()).isEqualTo(1);
        assertThat(status.startedAt()).isEqualTo(turnout.time.instant());
        assertThat(status.config().source()).isEqualTo("turnout.yaml");
        assertThat(status.config().hash()).hasSize(64);
        assertThat(status.config().lastReload().ok()).isTrue();
    }
}
