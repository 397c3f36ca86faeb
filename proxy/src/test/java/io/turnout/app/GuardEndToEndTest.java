package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.RouteStatus;
import io.turnout.control.Cause;
import io.turnout.control.Command;
import io.turnout.control.CommandResult;
import io.turnout.control.Settled;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guard in a whole running proxy: real sockets, real time, backends that fail when the test says so. */
@Timeout(120)
class GuardEndToEndTest {
    private static final int USERS = 100;
    private static final Map<String, Integer> SPLIT = Map.of("blue", 90, "green", 10);

    @TempDir
    Path folder;

    private final Backend blue = new Backend("blue");
    private final Backend green = new Backend("green");
    private final Map<String, String> sides = new HashMap<>();
    private Path file = Path.of("");
    private Turnout turnout;

    /** Answers with its name, and with 500 where the test wants it. */
    private static final class Backend implements AutoCloseable {
        final AtomicInteger requests = new AtomicInteger();
        final RawServer server;
        volatile IntPredicate fails = number -> false;

        Backend(String name) {
            server = RawServer.start(connection -> {
                while (!connection.readHead().isEmpty()) {
                    boolean failed = fails.test(requests.incrementAndGet());
                    connection.write("HTTP/1.1 " + (failed ? "500 Oh" : "200 OK") + "\r\nX-Side: " + name
                            + "\r\nContent-Length: 2\r\n\r\nok");
                }
            });
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("turnout.yaml");
        write("{weights: {blue: 90, green: 10}, key: {cookie: uid}}");
        turnout = Turnout.start(file);
    }

    @AfterEach
    void stop() {
        turnout.close();
        blue.close();
        green.close();
    }

    private void write(String split) throws IOException {
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
                """.formatted(blue.server.port(), green.server.port(), split));
    }

    private void restart() throws Exception {
        turnout.close();
        turnout = Turnout.start(file);
    }

    private RouteStatus route() {
        return Objects.requireNonNull(turnout.control().route("shop"));
    }

    private RawClient client() {
        return RawClient.connect(turnout.address("web").getPort());
    }

    /** One request of every user, who must come to a side; which one is remembered. */
    private void oneRound(RawClient client) {
        for (int user = 0; user < USERS; user++) {
            String name = "user" + user;
            RawClient.Answer answer = client.send(
                            "GET / HTTP/1.1\r\nHost: example.test\r\nCookie: uid=" + name + "\r\n\r\n")
                    .read();
            sides.put(name, Objects.requireNonNull(answer.field("x-side")));
        }
    }

    private void roundsUntilReverted() {
        try (RawClient client = client()) {
            while (!route().guard().state().equals(GuardStatus.REVERTED)) {
                oneRound(client);
            }
        }
    }

    private String ask(String path) {
        int port = turnout.adminAddress().getPort();
        try (RawClient admin = RawClient.connect(port)) {
            return admin.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                    .read()
                    .text();
        }
    }

    private void assertEveryUserIsOnBlue() {
        int before = green.requests.get();
        try (RawClient client = client()) {
            for (int i = 0; i < 10; i++) {
                oneRound(client);
            }
        }
        assertThat(sides).hasSize(USERS);
        assertThat(sides.values()).containsOnly("blue");
        assertThat(green.requests).hasValue(before);
    }

    @Test
    void revertsACanaryThatFailsHalfOfItsRequestsAndKeepsItReverted() throws Exception {
        try (RawClient client = client()) {
            oneRound(client);
        }
        assertThat(sides.values()).contains("blue", "green");
        green.fails = number -> number % 2 == 0;

        roundsUntilReverted();

        assertThat(route().weights()).isEqualTo(Map.of("blue", 100, "green", 0));
        assertEveryUserIsOnBlue();
        assertThat(route().guard().text()).contains("canary").contains("stable");
        AuditEntry entry = Settled.audit(turnout.control(), 1).get(0);
        assertThat(entry.action()).isEqualTo("revert");
        assertThat(entry.actor()).isEqualTo("guard");
        assertThat(entry.reason()).contains("REVERTED shop at weight 10 %");
        await().untilAsserted(() -> assertThat(ask("/api/v1/routes/shop/evidence"))
                .contains("\"state\":\"reverted\"", "\"against\":\"blue\"", "\"oddsLimit\":"));

        restart();
        assertThat(route().guard().state()).isEqualTo(GuardStatus.REVERTED);
        assertEveryUserIsOnBlue();

        long before = turnout.control().generation();
        Files.writeString(
                file, Files.readString(file) + "accessLog: {format: json, path: " + folder + "/access.log}\n");
        await().until(() -> turnout.control().generation() > before);
        assertThat(route().guard().state()).isEqualTo(GuardStatus.REVERTED);
        assertEveryUserIsOnBlue();

        green.fails = number -> false;
        write("{weights: {blue: 80, green: 20}, key: {cookie: uid}}");
        await().untilAsserted(() -> assertThat(route().weights()).isEqualTo(Map.of("blue", 80, "green", 20)));
        await().untilAsserted(() -> assertThat(route().guard().state()).isEqualTo(GuardStatus.HOLDING));
        try (RawClient client = client()) {
            oneRound(client);
        }
        assertThat(sides.values()).contains("green");
    }

    @Test
    void revertsACanaryThatCutsItsConnections() throws Exception {
        write("{blue: 90, green: 10}");
        await().until(() -> turnout.control().config().routes().get(0).split().key() == null);
        green.close();

        try (RawClient client = client()) {
            while (!route().guard().state().equals(GuardStatus.REVERTED)) {
                client.get("/");
            }
        }

        assertThat(route().weights()).isEqualTo(Map.of("blue", 100, "green", 0));
    }

    @Test
    void movesNothingWhenBothSidesFail() {
        blue.fails = number -> true;
        green.fails = number -> true;

        try (RawClient client = client()) {
            while (!route().guard().state().equals(GuardStatus.SHARED_INCIDENT)) {
                oneRound(client);
            }
        }

        assertThat(route().weights()).isEqualTo(SPLIT);
        assertThat(Settled.audit(turnout.control(), 10))
                .extracting(AuditEntry::action)
                .containsExactly("freeze", "start");
    }

    @Test
    void leavesAHealthyCanaryWhereItIsAndKnowsEveryAnswer() {
        try (RawClient client = client()) {
            for (int i = 0; i < 100; i++) {
                oneRound(client);
            }
        }

        await().untilAsserted(() -> {
            RouteEvidence evidence = Objects.requireNonNull(turnout.control().evidence("shop"));
            assertThat(evidence.variants().get(0).errors().trials()).isEqualTo(green.requests.get());
            assertThat(evidence.variants().get(0).errorsAgainst().trials()).isEqualTo(blue.requests.get());
        });
        assertThat(green.requests.get() + blue.requests.get()).isEqualTo(100 * USERS);
        assertThat(route().weights()).isEqualTo(SPLIT);
    }

    @Test
    void takesASwitchToABrokenSideBack() {
        try (RawClient client = client()) {
            for (int i = 0; i < 10; i++) {
                oneRound(client);
            }
        }
        green.fails = number -> true;
        CommandResult switched = turnout.control()
                .submit(new Command.SwitchTo(
                        "shop", "green", Command.Preconditions.CHECKED, Cause.of("ann", Cause.API)))
                .join();
        assertThat(switched).isInstanceOf(CommandResult.Applied.class);

        roundsUntilReverted();

        assertThat(route().weights()).isEqualTo(Map.of("blue", 100, "green", 0));
        assertEveryUserIsOnBlue();
        assertThat(Settled.audit(turnout.control(), 10))
                .extracting(AuditEntry::action)
                .isEqualTo(List.of("revert", "switch", "start"));
    }
}
