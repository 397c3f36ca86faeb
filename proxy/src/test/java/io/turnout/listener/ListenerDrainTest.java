package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One listener is drained, or gone from the file, while the other one serves as before. */
@Timeout(120)
class ListenerDrainTest {
    private static final int REQUESTS = 40;
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final CountDownLatch answer = new CountDownLatch(1);

    private static String yaml(int backend, String drain) {
        return TestProxy.to(backend)
                .replace(
                        "listeners: [",
                        "listeners: [{name: side, address: 127.0.0.1:0, timeouts: {drain: " + drain + "}}, ");
    }

    /** Answers when it is told to. */
    private RawServer patient() {
        return RawServer.start(connection -> {
            while (!connection.readHead().isEmpty()) {
                try {
                    answer.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                connection.write(ANSWER);
            }
        });
    }

    private static int side(TestProxy proxy) {
        return proxy.plane().address("side").getPort();
    }

    private static RawServer echo() {
        return RawServer.start(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            for (int octet; (octet = connection.read()) >= 0; ) {
                connection.write(new byte[] {(byte) octet});
            }
        });
    }

    @Test
    void takesNoConnectionsUntilItIsResumed() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), "30s"))) {
            int before = side(proxy);
            proxy.drainListeners(Set.of("side"));
            assertThatThrownBy(() -> RawClient.connect(before).close())
                    .hasRootCauseInstanceOf(java.net.ConnectException.class);
            try (RawClient client = RawClient.connect(proxy.port())) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            proxy.drainListeners(Set.of());
            try (RawClient client = RawClient.connect(side(proxy))) {
                assertThat(client.get("/").field("connection")).isNull();
            }
        }
    }

    @Test
    void finishesEveryRequestAndSaysThatItWasTheLast() {
        try (RawServer backend = patient();
                TestProxy proxy = TestProxy.start(yaml(backend.port(), "1m"))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                clients.add(RawClient.connect(side(proxy)).send(REQUEST));
            }
            Awaitility.await().until(() -> backend.heads().size() == REQUESTS);
            proxy.drainListeners(Set.of("side"));
            answer.countDown();
            for (RawClient client : clients) {
                RawClient.Answer last = client.read();
                assertThat(last.whole()).isTrue();
                assertThat(last.text()).isEqualTo("ok");
                assertThat(last.field("connection")).isEqualTo("close");
                assertThat(client.isClosed()).isTrue();
                client.close();
            }
            assertThat(proxy.counted(Count.CUT_BY_SHUTDOWN)).isZero();
        }
    }

    @Test
    void finishesWhatRunsOnAListenerThatTheFileDrops() {
        try (RawServer backend = patient();
                TestProxy proxy = TestProxy.start(yaml(backend.port(), "1m"));
                RawClient client = RawClient.connect(side(proxy)).send(REQUEST)) {
            Awaitility.await().until(() -> backend.heads().size() == 1);
            proxy.reload(TestProxy.to(backend.port()));
            answer.countDown();
            RawClient.Answer last = client.read();
            assertThat(last.text()).isEqualTo("ok");
            assertThat(last.field("connection")).isEqualTo("close");
        }
    }

    @Test
    void leavesConnectionsOfOtherListenersAlone() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), "1s"));
                RawClient client = RawClient.connect(proxy.port());
                RawClient drained = RawClient.connect(side(proxy))) {
            client.get("/");
            drained.get("/");
            proxy.drainListeners(Set.of("side"));
            assertThat(drained.isClosed()).isTrue();
            assertThat(client.get("/").field("connection")).isNull();
        }
    }

    @Test
    void cutsWhatStillRunsWhenTheTimeIsOver() {
        try (RawServer backend = patient();
                TestProxy proxy = TestProxy.start(yaml(backend.port(), "1s"));
                RawClient client = RawClient.connect(side(proxy)).send(REQUEST)) {
            Awaitility.await().until(() -> backend.heads().size() == 1);
            proxy.drainListeners(Set.of("side"));
            assertThat(client.isClosed()).isTrue();
            Awaitility.await().until(() -> proxy.counted(Count.CUT_BY_SHUTDOWN) == 1);
            answer.countDown();
        }
    }

    @Test
    void tellsTunnelsToLeave() {
        try (RawServer backend = echo();
                TestProxy proxy = TestProxy.start(yaml(backend.port(), "2s"));
                RawClient client = RawClient.connect(side(proxy))) {
            client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(101);
            proxy.drainListeners(Set.of("side"));
            assertThat(client.isClosed()).isTrue();
            Awaitility.await().until(() -> proxy.counted(Count.TUNNELS_OPEN) == 0);
        }
    }

    @Test
    void warnsClientsOfHttp2() throws Exception {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(yaml(backend.port(), "30s"));
                H2Client client = H2Client.connect(side(proxy))) {
            client.get(1, "/");
            assertThat(client.answer(1).whole()).isTrue();
            proxy.drainListeners(Set.of("side"));
            H2Client.Frame warning = client.await(H2Client.GOAWAY);
            assertThat(warning).isNotNull();
            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
        }
    }
}
