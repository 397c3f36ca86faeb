package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.demo.Behaviour;
import io.turnout.demo.DemoBackend;
import io.turnout.demo.DemoBackends;
import io.turnout.demo.DemoKeys;
import io.turnout.testing.RawClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be broken in the demo, and how. */
@Timeout(60)
class DemoTest {
    private final DemoBackends backends = DemoBackends.start();
    private final DemoBackend green = backends.green();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        backends.close();
    }

    private RawClient client() {
        String first = green.addresses().replaceAll("[^0-9:,.]", "").split(",")[0];
        return RawClient.connect(Integer.parseInt(first.split(":")[1]));
    }

    private int status() {
        try (RawClient client = client()) {
            return client.get("/").status();
        }
    }

    @Test
    void aBackendFailsAsOftenAsItIsToldTo() {
        assertThat(status()).isEqualTo(200);
        green.behave(new Behaviour(100, 0, Behaviour.Mode.OK));
        assertThat(status()).isEqualTo(500);
        green.behave(Behaviour.FINE);
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void aCrashedBackendResetsItsConnectionsUntilItIsMended() {
        try (RawClient kept = client()) {
            assertThat(kept.get("/").status()).isEqualTo(200);
            green.behave(new Behaviour(0, 0, Behaviour.Mode.CRASH));
            assertThatThrownBy(() -> kept.get("/"));
        }
        assertThatThrownBy(this::status);
        green.behave(Behaviour.FINE);
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void aHangingBackendGivesUpWhatItHeldWhenItIsMended() {
        try (RawClient client = client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            green.behave(new Behaviour(0, 0, Behaviour.Mode.HANG));
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            green.behave(Behaviour.FINE);
            assertThatThrownBy(client::read);
        }
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void keysOfTheTerminalBreakGreen() {
        AtomicBoolean quit = new AtomicBoolean();
        StringWriter said = new StringWriter();
        DemoKeys keys = new DemoKeys(green, new PrintWriter(said), () -> quit.set(true));

        "e".chars().forEach(keys::onKey);
        assertThat(green.behaviour()).isEqualTo(new Behaviour(5, 0, Behaviour.Mode.OK));
        "es".chars().forEach(keys::onKey);
        assertThat(green.behaviour()).isEqualTo(new Behaviour(20, 40, Behaviour.Mode.OK));
        assertThat(said.toString()).contains("green is slower by 40 ms and fails 20 % of its requests");
        "e".chars().forEach(keys::onKey);
        assertThat(green.behaviour().errorPercent()).isZero();
        "h".chars().forEach(keys::onKey);
        assertThat(green.behaviour().mode()).isEqualTo(Behaviour.Mode.HANG);
        "c".chars().forEach(keys::onKey);
        assertThat(green.behaviour().mode()).isEqualTo(Behaviour.Mode.CRASH);
        "zf".chars().forEach(keys::onKey);
        assertThat(green.behaviour()).isEqualTo(Behaviour.FINE);
        assertThat(quit).isFalse();
        "q".chars().forEach(keys::onKey);
        assertThat(quit).isTrue();
    }

    @Test
    void callsOfTheConsoleBreakBackendsAndSayWhatTheyDoNotTake() throws Exception {
        try (DemoStage stage = DemoStage.in(folder)) {
            assertThat(call(stage, "GET", "backends", "").body())
                    .contains("{\"name\":\"green\",\"errorPercent\":0,\"delayMillis\":0,\"mode\":\"ok\"}");

            HttpResponse<String> broken = call(stage, "PUT", "backends/green", "{\"errorPercent\": 7}");

            assertThat(broken.statusCode()).isEqualTo(200);
            assertThat(broken.body()).contains("\"name\":\"green\",\"errorPercent\":7");
            assertThat(stage.green.behaviour()).isEqualTo(new Behaviour(7, 0, Behaviour.Mode.OK));
            for (String wrong : new String[] {
                "{\"errorPercent\": 101}", "{\"delayMillis\": -1}", "{\"mode\": \"sulk\"}", "{\"errors\": 1}", "[]"
            }) {
                assertThat(call(stage, "PUT", "backends/green", wrong).statusCode())
                        .as(wrong)
                        .isEqualTo(400);
            }
            assertThat(call(stage, "PUT", "backends/grey", "{}").body()).contains("blue, green");
            assertThat(call(stage, "POST", "backends/green", "{}").statusCode()).isEqualTo(405);
            assertThat(stage.green.behaviour()).isEqualTo(new Behaviour(7, 0, Behaviour.Mode.OK));
        }
    }

    private static HttpResponse<String> call(DemoStage stage, String method, String path, String json)
            throws Exception {
        HttpRequest.BodyPublisher body =
                json.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(stage.url() + "demo/" + path))
                                .method(method, body)
                                .header("Content-Type", "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
