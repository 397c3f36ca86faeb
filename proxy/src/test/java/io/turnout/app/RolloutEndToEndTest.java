package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rollouts in a whole running proxy, steered over HTTP as an operator does. */
@Timeout(120)
class RolloutEndToEndTest {
    private static final List<String> VERBS = List.of("start", "pause", "resume", "promote", "revert", "retry");

    /** By phase, the verbs that are refused in it. */
    private static final Map<String, List<String>> REFUSED = Map.of(
            "pending", List.of("pause", "resume", "promote", "retry"),
            "progressing", List.of(),
            "paused", List.of("start", "retry"),
            "promoting", List.of("retry"),
            "succeeded", List.of("start", "pause", "resume", "retry"),
            "reverted", List.of("pause", "resume", "promote"),
            "superseded", List.of("pause", "resume", "promote", "revert", "retry"));

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger greenRequests = new AtomicInteger();
    private final RawServer blue = RawServer.saying("blue");
    private volatile boolean greenFails;
    private final RawServer green = RawServer.start(connection -> {
        while (!connection.readHead().isEmpty()) {
            greenRequests.incrementAndGet();
            connection.write("HTTP/1.1 " + (greenFails ? "500 Oh" : "200 OK") + "\r\nContent-Length: 5\r\n\r\ngreen");
        }
    });
    private Path file = Path.of("");
    private Turnout turnout;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("turnout.yaml");
        write("{blue: 100, green: 0}", "/blog");
        turnout = Turnout.start(file);
    }

    @AfterEach
    void stop() {
        turnout.close();
        blue.close();
        green.close();
    }

    private void write(String split, String otherPath) throws IOException {
        Files.writeString(file, """
                listeners: [{name: web, address: 127.0.0.1:0}]
                admin: {address: 127.0.0.1:0}
                workers: 2
                pools:
                  blue: {endpoints: [127.0.0.1:%d]}
                  green: {endpoints: [127.0.0.1:%d]}
                routes:
                  - name: shop
                    split: %s
                    guard: {stable: blue, compare: {to: stable}}
                    rollout: {canary: green, steps: [1%%, 20%%, 50%%, 100%%], hold: 10m}
                  - {name: blog, match: {path: {prefix: %s}}, split: {blue: 1}}
                """.formatted(blue.port(), green.port(), split, otherPath));
    }

    private HttpResponse<String> ask(String verb, String body) throws Exception {
        String url = "http://127.0.0.1:" + turnout.adminAddress().getPort() + "/api/v1/routes/shop/rollout/" + verb;
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .header("Turnout-Actor", "ann")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void done(String verb) throws Exception {
        HttpResponse<String> answer = ask(verb, "{}");
        assertThat(answer.statusCode()).as("%s: %s", verb, answer.body()).isEqualTo(200);
    }

    private RouteStatus route() {
        return Objects.requireNonNull(turnout.control().route("shop"));
    }

    private RolloutStatus rollout() {
        return Objects.requireNonNull(route().rollout());
    }

    private void send(int requests) {
        try (RawClient client = RawClient.connect(turnout.address("web").getPort())) {
            for (int i = 0; i < requests; i++) {
                client.get("/");
            }
        }
    }

    private void restart() throws Exception {
        turnout.close();
        turnout = Turnout.start(file);
    }

    @Test
    void aBreachOnTheSecondStepRevertsAndStaysRevertedOverRestartAndUnrelatedReload() throws Exception {
        done("start");
        done("promote");
        send(100);
        assertThat(greenRequests.get()).isEqualTo(20);

        restart();
        assertThat(rollout().phase()).isEqualTo("progressing");
        assertThat(rollout().step()).isEqualTo(2);
        assertThat(route().weights()).isEqualTo(Map.of("blue", 800_000, "green", 200_000));

        greenFails = true;
        await().until(() -> {
            send(50);
            return rollout().phase().equals("reverted");
        });
        int before = greenRequests.get();
        restart();
        send(200);
        write("{blue: 100, green: 0}", "/other");
        await().until(() ->
                turnout.control().config().routes().get(1).match().toString().contains("/other"));
        send(200);
        assertThat(rollout().phase()).isEqualTo("reverted");
        assertThat(greenRequests).as("requests after the revert").hasValue(before);

        greenFails = false;
        done("retry");
        assertThat(rollout().step()).isEqualTo(1);
        write("{blue: 95, green: 5}", "/other");
        await().until(() -> rollout().phase().equals("superseded"));
        assertThat(route().weights()).isEqualTo(Map.of("blue", 95, "green", 5));
    }

    @Test
    void eachVerbInEachWrongPhaseIsRefusedWith409AndTheVerbsThatAreAllowed() throws Exception {
        assertRefusals("pending");
        done("start");
        assertRefusals("progressing");
        done("pause");
        assertRefusals("paused");
        done("resume");
        done("promote");
        done("promote");
        done("promote");
        assertRefusals("promoting");
        assertThat(ask("promote", "{\"full\": true, \"reason\": \"hotfix\"}").statusCode())
                .isEqualTo(200);
        assertRefusals("succeeded");
        done("revert");
        assertRefusals("reverted");
        done("retry");
        write("{blue: 90, green: 10}", "/blog");
        await().until(() -> rollout().phase().equals("superseded"));
        assertRefusals("superseded");
    }

    private void assertRefusals(String phase) throws Exception {
        assertThat(rollout().phase()).isEqualTo(phase);
        List<String> refused = Objects.requireNonNull(REFUSED.get(phase));
        for (String verb : VERBS) {
            if (refused.contains(verb)) {
                HttpResponse<String> answer = ask(verb, "{}");
                assertThat(answer.statusCode()).as("%s while %s", verb, phase).isEqualTo(409);
                JsonNode problem = new JsonMapper().readTree(answer.body());
                assertThat(problem.get("type").asString()).isEqualTo("urn:turnout:problem:wrong-phase");
                for (String allowed : rollout().allowed()) {
                    assertThat(problem.get("expected").asString()).contains(allowed);
                }
            }
        }
        assertThat(rollout().phase()).isEqualTo(phase);
    }
}
