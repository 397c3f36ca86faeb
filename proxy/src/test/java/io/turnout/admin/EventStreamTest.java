package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.Outcome;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What those hear who listen, over real sockets. */
class EventStreamTest {
    private static final String SWITCH = "/api/v1/routes/shop/switch";

    @TempDir
    private Path folder;

    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = RunningAdmin.in(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private void switchTo(String pool) throws Exception {
        assertThat(admin.send(admin.json("POST", SWITCH, "{\"to\": \"" + pool + "\"}"))
                        .statusCode())
                .isEqualTo(200);
    }

    private VariantMeter.Cell blue() {
        return admin.control()
                .published()
                .current()
                .routes()
                .get(0)
                .targets()
                .get(0)
                .meter()
                .cell(0);
    }

    @Test
    void beginsWithASnapshotOfEverything() throws Exception {
        try (EventListener listener = new EventListener(admin)) {
            EventListener.Event first = listener.next();

            assertThat(first.name()).isEqualTo("snapshot");
            assertThat(first.id()).matches("[0-9]+");
            assertThat(first.data().get("now").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
            assertThat(first.data().at("/status/generation").asLong())
                    .isEqualTo(admin.control().generation());
            JsonNode live = first.data().at("/live/routes/shop");
            assertThat(live.at("/guard/state").asString()).isEqualTo("off");
            assertThat(live.at("/variants/blue/errorRate").asDouble()).isZero();
            assertThat(live.at("/variants/blue/p99").isNull()).isTrue();
            assertThat(live.get("rollout").isNull()).isTrue();
            assertThat(first.data()
                            .get("live")
                            .get("endpoints")
                            .get("blue")
                            .get("127.0.0.1:9001")
                            .get("health")
                            .asString())
                    .isEqualTo("healthy");
            assertThat(first.data().at("/audit/0/action").asString()).isEqualTo("start");
            assertThat(first.data().at("/history/shop").has("green")).isTrue();
        }
    }

    @Test
    void tellsFiguresEachSecondAndKeepsThemAsHistory() throws Exception {
        try (EventListener listener = new EventListener(admin)) {
            listener.next("snapshot");
            listener.next("live");
            for (int i = 0; i < 200; i++) {
                blue().onStarted(Weight.EVIDENCE);
                boolean good = i % 4 != 0;
                blue().onFinished(
                                Weight.EVIDENCE,
                                good ? Outcome.SUCCESS : Outcome.SERVER_ERROR,
                                good ? 200 : 500,
                                1_000,
                                2_000);
                if (!good) {
                    blue().onCharged();
                }
            }
            blue().onStarted(Weight.EVIDENCE);

            JsonNode variant = listener.next("live").data().at("/live/routes/shop/variants/blue");
            while (variant.get("inFlight").asLong() == 0) {
                variant = listener.next("live").data().at("/live/routes/shop/variants/blue");
            }

            assertThat(variant.get("rps").asDouble()).isPositive();
            assertThat(variant.get("errorRate").asDouble()).isEqualTo(0.25);
            assertThat(variant.get("p50").asDouble()).isBetween(1.9, 2.1);
            assertThat(variant.get("p99").asDouble()).isBetween(1.9, 2.1);
            assertThat(variant.get("share").asDouble()).isEqualTo(1.0);
            assertThat(variant.get("inFlight").asLong()).isEqualTo(1);
        }
        try (EventListener later = new EventListener(admin)) {
            JsonNode history = later.next().data().at("/history/shop/blue");
            assertThat(history.size()).isGreaterThan(1);
            assertThat(history.get(history.size() - 1).get("errorRate").asDouble())
                    .isEqualTo(0.25);
            assertThat(history.get(1).get("t").asLong())
                    .isGreaterThan(history.get(0).get("t").asLong());
        }
    }

    @Test
    void tellsEachChangeOnceWithItsAuditEntryAndTheNewStatus() throws Exception {
        try (EventListener listener = new EventListener(admin)) {
            EventListener.Event snapshot = listener.next("snapshot");
            switchTo("green");

            EventListener.Event audit = listener.next("audit");
            EventListener.Event status = listener.next("status");

            assertThat(audit.data().get("action").asString()).isEqualTo("switch");
            assertThat(status.data().at("/status/routes/0/weights/green").asInt())
                    .isPositive();
            assertThat(Long.parseLong(audit.id())).isEqualTo(Long.parseLong(snapshot.id()) + 1);
            assertThat(Long.parseLong(status.id())).isEqualTo(Long.parseLong(audit.id()) + 1);
            assertThat(listener.next().name()).isEqualTo("live");
            assertThat(listener.next().name()).isEqualTo("live");
        }
    }

    @Test
    void tellsWhoComesBackWhatWasMissed() throws Exception {
        String id;
        try (EventListener listener = new EventListener(admin)) {
            id = listener.next("snapshot").id();
        }
        switchTo("green");
        switchTo("blue");

        try (EventListener back = new EventListener(admin, "Last-Event-ID: " + id)) {
            List<String> missed = new ArrayList<>();
            EventListener.Event event = back.next();
            while (!event.name().equals("live")) {
                missed.add(event.name());
                event = back.next();
            }

            assertThat(missed).containsExactly("audit", "audit", "status");
        }
    }

    @Test
    void beginsAnewForAPlaceItDoesNotKnow() throws Exception {
        for (String unknown : List.of("1", "9", "999999999999999999", "x", "")) {
            try (EventListener listener = new EventListener(admin, "Last-Event-ID: " + unknown)) {
                assertThat(listener.next().name()).as(unknown).isEqualTo("snapshot");
            }
        }
    }

    @Test
    void endsWithTheConnectionForAClientOfHttp10() throws Exception {
        try (RawClient old = new RawClient(admin.address())) {
            old.send("GET /api/v1/events HTTP/1.0\r\nHost: localhost\r\n\r\n");

            assertThat(old.until("\r\n\r\n")).doesNotContainIgnoringCase("transfer-encoding");
            assertThat(old.until("\n\n")).startsWith("event: snapshot\nid: ");
        }
    }

    @Test
    void headTellsTheTypeAndEnds() throws Exception {
        assertThat(RawClient.exchange(
                        admin.address(),
                        "HEAD /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("text/event-stream");
    }

    @Test
    void asManyAsMayListenDoAndOneMoreIsRefused() throws Exception {
        List<EventListener> listeners = new ArrayList<>();
        try {
            for (int i = 0; i < 128; i++) {
                EventListener listener = new EventListener(admin);
                listeners.add(listener);
                assertThat(listener.next().name()).isEqualTo("snapshot");
            }
            var refused = admin.get("/api/v1/events");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(admin.get("/metrics").body())
                    .contains("turnout_event_clients 128.0", "turnout_event_clients_refused_total 1.0");
            assertThat(listeners.get(0).next("live").data().has("live")).isTrue();
        } finally {
            for (EventListener listener : listeners) {
                listener.close();
            }
        }
    }
}
