package io.turnout.control.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.AuditEntry;
import io.turnout.config.Secret;
import io.turnout.config.WebhookConfig;
import io.turnout.config.WebhookConfig.Event;
import io.turnout.testing.RawServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class WebhooksTest {
    private static final Duration NO_BACKOFF = Duration.ofMillis(1);
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: ([0-9]+)");

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    private record Received(String head, String body) {}

    private RawServer receiver(IntUnaryOperator status) {
        AtomicInteger requests = new AtomicInteger();
        return RawServer.start(connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                Matcher length = LENGTH.matcher(head);
                assertThat(length.find()).isTrue();
                byte[] body = connection.readBody(Integer.parseInt(length.group(1)));
                received.add(new Received(head, new String(body, StandardCharsets.UTF_8)));
                int answer = status.applyAsInt(requests.incrementAndGet());
                connection.write("HTTP/1.1 " + answer + " Word\r\nContent-Length: 0\r\n\r\n");
            }
        });
    }

    private static WebhookConfig to(String name, RawServer server, int retries, Event... events) {
        URI url = URI.create("http://127.0.0.1:" + server.port() + "/hook?x=1");
        return new WebhookConfig(name, url, new Secret("key"), List.of(events), Duration.ofSeconds(20), retries);
    }

    private static AuditEntry entry(long id, String action) {
        return new AuditEntry(
                id,
                Instant.parse("2026-03-01T12:00:00Z"),
                "guard",
                "turnout",
                null,
                action,
                "route shop",
                "blue 95, green 5",
                "blue 100, green 0",
                "canary 6/103",
                "green: canary 6/103",
                7,
                null,
                null,
                null);
    }

    private Received next() throws InterruptedException {
        Received next = received.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void tellsASignedEvent() throws Exception {
        try (RawServer server = receiver(number -> 204);
                Webhooks webhooks = new Webhooks(() -> List.of(to("pager", server, 0, Event.REVERT)), NO_BACKOFF)) {
            webhooks.accept(entry(12, "revert"));
            Received event = next();
            assertThat(event.head())
                    .startsWith("POST /hook?x=1 HTTP/1.1\r\n")
                    .contains("Turnout-Event: revert\r\n", "Turnout-Delivery: 12\r\n");
            assertThat(event.body())
                    .contains(
                            "\"event\":\"revert\"", "\"time\":\"2026-03-01T12:00:00Z\"", "\"reason\":\"canary 6/103\"");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String hmac = HexFormat.of().formatHex(mac.doFinal(event.body().getBytes(StandardCharsets.UTF_8)));
            assertThat(event.head()).contains("Turnout-Signature: sha256=" + hmac + "\r\n");
            await().untilAsserted(() -> assertThat(webhooks.counts()).isEqualTo(new WebhookCounts(1, 0, 0)));
        }
    }

    @Test
    void triesAgainUntilTheEventIsTaken() throws Exception {
        try (RawServer server = receiver(number -> number < 3 ? 503 : 200);
                Webhooks webhooks = new Webhooks(() -> List.of(to("pager", server, 5, Event.FREEZE)), NO_BACKOFF)) {
            webhooks.accept(entry(1, "freeze"));
            Received first = next();
            assertThat(next().body()).isEqualTo(first.body());
            assertThat(next().body()).isEqualTo(first.body());
            await().untilAsserted(() -> assertThat(webhooks.counts()).isEqualTo(new WebhookCounts(1, 0, 0)));
        }
    }

    @Test
    void givesUpAfterTheLastAttemptAndGoesOnWithTheNextEvent() throws Exception {
        try (RawServer server = receiver(number -> number <= 2 ? 500 : 200);
                Webhooks webhooks = new Webhooks(() -> List.of(to("pager", server, 1, Event.SWITCH)), NO_BACKOFF)) {
            webhooks.accept(entry(1, "switch"));
            webhooks.accept(entry(2, "switch"));
            await().untilAsserted(() -> assertThat(webhooks.counts()).isEqualTo(new WebhookCounts(1, 1, 0)));
        }
    }

    @Test
    void tellsOnlyWhatAReceiverWantsToKnow() throws Exception {
        try (RawServer server = receiver(number -> 200);
                Webhooks webhooks = new Webhooks(() -> List.of(to("pager", server, 0, Event.REVERT)), NO_BACKOFF)) {
            webhooks.accept(entry(1, "reload"));
            webhooks.accept(entry(2, "start"));
            webhooks.accept(entry(3, "revert"));
            assertThat(next().head()).contains("Turnout-Delivery: 3\r\n");
            assertThat(received).isEmpty();
        }
    }

    @Test
    void whoFollowsRolloutsIsToldOfReverts() throws Exception {
        try (RawServer server = receiver(number -> 200);
                Webhooks webhooks = new Webhooks(() -> List.of(to("chat", server, 0, Event.ROLLOUT)), NO_BACKOFF)) {
            webhooks.accept(entry(1, "switch"));
            webhooks.accept(entry(2, "revert"));
            assertThat(next().head()).contains("Turnout-Event: revert\r\n", "Turnout-Delivery: 2\r\n");
            assertThat(received).isEmpty();
        }
    }

    @Test
    void aReceiverThatHangsHoldsUpNobodyElseAndItsEventsAreDroppedBeyondItsRoom() throws Exception {
        try (RawServer hanging = RawServer.start(connection -> connection.readUntil("never"));
                RawServer server = receiver(number -> 200);
                Webhooks webhooks = new Webhooks(
                        () -> List.of(to("stuck", hanging, 0, Event.REVERT), to("pager", server, 0, Event.SWITCH)),
                        NO_BACKOFF)) {
            webhooks.accept(entry(0, "revert"));
            await().until(() -> hanging.connections() == 1);
            for (int i = 1; i <= ReceiverLine.MOST_WAITING + 3; i++) {
                webhooks.accept(entry(i, "revert"));
            }
            assertThat(webhooks.counts().dropped()).isEqualTo(3);
            webhooks.accept(entry(1000, "switch"));
            assertThat(next().head()).contains("Turnout-Delivery: 1000\r\n");
        }
    }

    @Test
    void forgetsAReceiverThatIsNoLongerConfigured() throws Exception {
        try (RawServer hanging = RawServer.start(connection -> connection.readUntil("never"))) {
            AtomicReference<List<WebhookConfig>> current =
                    new AtomicReference<>(List.of(to("gone", hanging, 0, Event.REVERT)));
            try (Webhooks webhooks = new Webhooks(current::get, NO_BACKOFF)) {
                webhooks.accept(entry(1, "revert"));
                await().until(() -> isRunning("webhook-gone"));
                current.set(List.of());
                webhooks.accept(entry(2, "reload"));
                await().until(() -> !isRunning("webhook-gone"));
            }
        }
    }

    private static boolean isRunning(String thread) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(one -> one.getName().equals(thread));
    }
}
