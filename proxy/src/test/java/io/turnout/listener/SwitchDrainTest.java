package io.turnout.listener;

import static io.turnout.testing.H2Client.GOAWAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.Outcome;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blue loses all its traffic while clients have work there: {@code onSwitch: drain} brings them over, {@code keep} does not. */
@Timeout(120)
class SwitchDrainTest {
    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: echo\r\n%s\r\n";
    private static final String TESTER = "X-Pool: blue\r\n";

    private final CountDownLatch finish = new CountDownLatch(1);
    private final RawServer blue = RawServer.start(this::serve);
    private final RawServer green = RawServer.start(this::serve);

    /** An echo for who asks for another protocol, an answer in two parts for {@code /slow}, which waits, and else "ok". */
    private void serve(RawServer.Connection connection) throws IOException {
        for (String head; !(head = connection.readHead()).isEmpty(); ) {
            if (head.contains("Upgrade: echo")) {
                connection.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
                for (int octet; (octet = connection.read()) >= 0; ) {
                    connection.write(new byte[] {(byte) octet});
                }
                return;
            }
            if (head.startsWith("GET /silent")) {
                awaitFinish();
            }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
            if (head.startsWith("GET /slow")) {
                awaitFinish();
            }
            connection.write("k");
        }
    }

    private void awaitFinish() {
        try {
            finish.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        finish.countDown();
        blue.close();
        green.close();
    }

    private TestProxy proxy(String onSwitch) {
        return TestProxy.start("""
                listeners: [{name: web, address: 127.0.0.1:0, timeouts: {drain: 1s}}]
                pools: {blue: [127.0.0.1:%d], green: [127.0.0.1:%d]}
                routes:
                  - name: all
                    rules: [{name: tester, when: {header: {x-pool: blue}}, pool: blue}]
                    split: {weights: {blue: 1, green: 0}, onSwitch: %s}
                """.formatted(blue.port(), green.port(), onSwitch));
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static void switchTo(TestProxy proxy, String pool) {
        proxy.weigh("all", Map.of(pool, 1));
    }

    private static long asked(TestProxy proxy) {
        return proxy.counted(Count.LEFT_ON_SWITCH);
    }

    private static RawClient tunnel(TestProxy proxy, String field) {
        RawClient client = RawClient.connect(proxy.port()).send(UPGRADE.formatted(field));
        assertThat(client.read().status()).isEqualTo(101);
        return client;
    }

    private static void assertEchoes(RawClient tunnel) {
        assertThat(tunnel.send("still here!").readUntil("!")).isEqualTo("still here!");
    }

    @Test
    void tellsTunnelsToLeave() {
        try (TestProxy proxy = proxy("drain");
                RawClient client = tunnel(proxy, "")) {
            switchTo(proxy, "green");
            assertThat(client.isClosed()).isTrue();
            soon().until(() -> proxy.counted(Count.TUNNELS_OPEN) == 0);
            assertThat(asked(proxy)).isEqualTo(1);
            tunnel(proxy, "").close();
            assertThat(green.heads()).hasSize(1);
        }
    }

    @Test
    void tellsATunnelToLeaveThatIsGrantedAfterTheSwitch() {
        try (RawServer slow = RawServer.start(connection -> {
                    connection.readHead();
                    awaitFinish();
                    connection.write(
                            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
                    connection.read();
                });
                TestProxy proxy = TestProxy.start("""
                        listeners: [{name: web, address: 127.0.0.1:0, timeouts: {drain: 1s}}]
                        pools: {blue: [127.0.0.1:%d], green: [127.0.0.1:%d]}
                        routes: [{name: all, split: {weights: {blue: 1, green: 0}, onSwitch: drain}}]
                        """.formatted(slow.port(), green.port()));
                RawClient client = RawClient.connect(proxy.port()).send(UPGRADE.formatted(""))) {
            soon().until(() -> slow.heads().size() == 1);
            switchTo(proxy, "green");
            soon().until(() -> asked(proxy) == 1);
            finish.countDown();
            assertThat(client.read().status()).isEqualTo(101);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void saysInTheAnswerUnderWayThatItIsTheLast() {
        try (TestProxy proxy = proxy("drain");
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET /silent HTTP/1.1\r\nHost: a.test\r\n\r\n");
            soon().until(() -> blue.heads().size() == 1);
            switchTo(proxy, "green");
            soon().until(() -> asked(proxy) == 1);
            finish.countDown();
            RawClient.Answer last = client.read();
            assertThat(last.text()).isEqualTo("ok");
            assertThat(last.field("connection")).isEqualTo("close");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void saysInTheNextAnswerThatItIsTheLastWhereOneHasBegun() {
        try (TestProxy proxy = proxy("drain");
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("GET /slow HTTP/1.1\r\nHost: a.test\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\no")).doesNotContain("close");
            switchTo(proxy, "green");
            soon().until(() -> asked(proxy) == 1);
            // Sent at once, because a connection that leaves does not rest for long.
            client.send("GET /next HTTP/1.1\r\nHost: a.test\r\n\r\n");
            finish.countDown();
            assertThat(client.readUntil("k")).isEqualTo("k");
            RawClient.Answer last = client.read();
            assertThat(last.text()).isEqualTo("ok");
            assertThat(last.field("connection")).isEqualTo("close");
            assertThat(green.heads()).hasSize(1);
        }
    }

    @Test
    void sendsClientsOfHttp2AwayInTwoStepsAndFinishesTheirStreams() {
        try (TestProxy proxy = proxy("drain");
                H2Client client = H2Client.connect(proxy.port())) {
            for (int stream = 1; stream < 20; stream += 2) {
                client.get(stream, "/slow");
                assertThat(client.status(stream)).isEqualTo(200);
            }
            switchTo(proxy, "green");
            H2Client.Frame warning = client.await(GOAWAY);
            assertThat(warning).isNotNull();
            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(warning.number(4)).isEqualTo(H2Client.NO_ERROR);
            H2Client.Frame last = client.await(GOAWAY);
            assertThat(last).isNotNull();
            assertThat(last.number(0)).isEqualTo(19);
            finish.countDown();
            for (int stream = 1; stream < 20; stream += 2) {
                assertThat(client.answer(stream).text()).isEqualTo("ok");
                assertThat(client.answer(stream).whole()).isTrue();
            }
            assertThat(client.connectionError()).isEqualTo(H2Client.NO_ERROR);
            assertThat(asked(proxy)).isEqualTo(1);
            assertThat(proxy.totals("all", "blue").finished(Outcome.SUCCESS)).isEqualTo(10);
        }
    }

    @Test
    void leavesWhoIsThereByARuleAlone() {
        try (TestProxy proxy = proxy("drain");
                RawClient tester = tunnel(proxy, TESTER);
                RawClient one = RawClient.connect(proxy.port());
                RawClient two = RawClient.connect(proxy.port())) {
            // One on each loop, so that the tester's has heard of the switch when both are told.
            one.send("GET /silent HTTP/1.1\r\nHost: a.test\r\n\r\n");
            two.send("GET /silent HTTP/1.1\r\nHost: a.test\r\n\r\n");
            soon().until(() -> blue.heads().size() == 3);
            switchTo(proxy, "green");
            soon().until(() -> asked(proxy) >= 2);
            finish.countDown();
            assertThat(one.read().field("connection")).isEqualTo("close");
            assertThat(two.read().field("connection")).isEqualTo("close");
            assertEchoes(tester);
            assertThat(asked(proxy)).isEqualTo(2);
        }
    }

    @Test
    void keepsEveryConnectionWhereNothingElseIsAskedFor() {
        try (TestProxy proxy = proxy("keep");
                RawClient tunnel = tunnel(proxy, "");
                H2Client client = H2Client.connect(proxy.port())) {
            client.get(1, "/slow");
            assertThat(client.status(1)).isEqualTo(200);
            switchTo(proxy, "green");
            awaitAdopted(proxy);
            finish.countDown();
            assertThat(client.answer(1).text()).isEqualTo("ok");
            assertThat(client.get(3, "/").answer(3).text()).isEqualTo("ok");
            assertEchoes(tunnel);
            assertThat(asked(proxy)).isZero();
        }
    }

    @Test
    void leavesConnectionsOnOtherVariantsAlone() {
        try (TestProxy proxy = proxy("drain");
                RawClient onBlue = tunnel(proxy, "")) {
            proxy.weigh("all", Map.of("blue", 1, "green", 999_999));
            try (RawClient onGreen = tunnel(proxy, "")) {
                assertThat(green.heads()).hasSize(1);
                assertEchoes(onBlue);
                assertThat(asked(proxy)).isZero();
                switchTo(proxy, "blue");
                assertThat(onGreen.isClosed()).isTrue();
                soon().until(() -> proxy.counted(Count.TUNNELS_OPEN) == 1);
                assertEchoes(onBlue);
                assertThat(asked(proxy)).isEqualTo(1);
            }
        }
    }

    /** Both loops have heard of the switch when connections on both are answered from the other side. */
    private void awaitAdopted(TestProxy proxy) {
        for (int i = 0; i < 2; i++) {
            try (RawClient client = RawClient.connect(proxy.port())) {
                client.get("/");
            }
        }
        assertThat(green.heads()).hasSize(2);
    }
}
