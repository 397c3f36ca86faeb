package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.listener.Transport;
import io.turnout.snapshot.OverloadPlan;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Load is shed in steps, and each is left only well below where it began. */
class OverloadTest {
    private static final OverloadPlan PLAN = new OverloadPlan(100, 1000);

    @ParameterizedTest
    @CsvSource({
        "0, 0, NONE",
        "79, 799, NONE",
        "80, 0, KEEP_ALIVE",
        "0, 800, KEEP_ALIVE",
        "89, 0, KEEP_ALIVE",
        "90, 0, CONNECTIONS",
        "10, 950, CONNECTIONS",
        "100, 0, REQUESTS",
        "0, 5000, REQUESTS",
    })
    void stepsByTheWorseOfExchangesAndMemory(long running, long memory, Overload.Step step) {
        Overload overload = new Overload();
        overload.onTick(PLAN, running, memory);
        assertThat(overload.step()).isEqualTo(step);
    }

    @Test
    void leavesAStepOnlyWellBelowItsBeginning() {
        Overload overload = new Overload();
        overload.onTick(PLAN, 0, 1000);
        overload.onTick(PLAN, 0, 951);
        assertThat(overload.step()).isEqualTo(Overload.Step.REQUESTS);
        overload.onTick(PLAN, 0, 949);
        assertThat(overload.step()).isEqualTo(Overload.Step.CONNECTIONS);
        overload.onTick(PLAN, 0, 751);
        assertThat(overload.step()).isEqualTo(Overload.Step.KEEP_ALIVE);
        overload.onTick(PLAN, 0, 700);
        assertThat(overload.step()).isEqualTo(Overload.Step.NONE);
    }

    @Test
    void refusesARequestTooManyBetweenTwoTicksToo() {
        Overload overload = new Overload();
        overload.onTick(PLAN, 1, 0);
        assertThat(overload.refuses(100)).isFalse();
        assertThat(overload.refuses(101)).isTrue();
    }

    @Test
    void servesWhatItHasAndTurnsTheRestAway() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        if (go.getCount() > 0) {
                            awaitQuietly(go);
                        }
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                TestProxy proxy =
                        TestProxy.start(TestProxy.to(backend.port()) + "\noverload: {exchanges: 20}\nworkers: 1\n")) {
            List<RawClient> clients = new ArrayList<>();
            int loops = 2;
            for (int i = 0; i < 20 * loops; i++) {
                RawClient client = RawClient.connect(proxy.port());
                clients.add(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
            }
            // Every one has its fate before the first is answered and makes room.
            Awaitility.await()
                    .until(() -> backend.heads().size()
                                    + proxy.counted(Count.REFUSED_OVERLOAD)
                                    + proxy.counted(Count.SHED_CONNECTIONS)
                            >= clients.size());
            go.countDown();
            int served = 0;
            int refused = 0;
            int closed = 0;
            for (RawClient client : clients) {
                try (client) {
                    Answer answer = client.read();
                    served += answer.status() == 200 ? 1 : 0;
                    refused += answer.status() == 503 ? 1 : 0;
                    if (answer.status() == 503) {
                        assertThat(answer.field("retry-after")).isEqualTo("1");
                        assertThat(answer.field("proxy-status")).isEqualTo("turnout; error=connection_limit_reached");
                    }
                } catch (java.io.UncheckedIOException e) {
                    closed++;
                }
            }
            assertThat(served + refused + closed).isEqualTo(clients.size());
            assertThat(served).isBetween(10, 20);
            assertThat((long) refused).isEqualTo(proxy.counted(Count.REFUSED_OVERLOAD));
            Awaitility.await().until(() -> proxy.counted(Count.OVERLOAD_STEP) == 0);
            try (RawClient after = RawClient.connect(proxy.port())) {
                assertThat(after.get("/").status()).isEqualTo(200);
                assertThat(after.get("/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void turnsRequestsAwayWhileSlowReadersHoldTheMemory() {
        byte[] big = new byte[4 << 20];
        try (RawServer backend = RawServer.start(connection -> {
                    for (String head; !(head = connection.readHead()).isEmpty(); ) {
                        byte[] body = head.startsWith("GET /big") ? big : new byte[2];
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                        connection.write(body);
                    }
                });
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()) + "\noverload: {memory: 1%}\n");
                RawClient other = RawClient.connect(proxy.port())) {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                slow.add(RawClient.connectWithSmallWindow(proxy.port()));
            }
            assertThat(other.get("/").status()).isEqualTo(200);
            slow.forEach(client -> client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
            // Two loops, each at the last of three steps.
            Awaitility.await().until(() -> proxy.counted(Count.OVERLOAD_STEP) == 6);
            Answer refused = other.get("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            slow.forEach(RawClient::close);
            Awaitility.await().until(() -> proxy.counted(Count.OVERLOAD_STEP) == 0);
            try (RawClient after = RawClient.connect(proxy.port())) {
                assertThat(after.get("/").status()).isEqualTo(200);
            }
        }
    }

    /** The first step, on HTTP/2: GOAWAY in two steps, with what runs still served. */
    @Test
    void tellsClientsOfHttp2ToLeaveOnceMostOfTheLoadIsReached() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    for (String head; !(head = connection.readHead()).isEmpty(); ) {
                        if (head.startsWith("GET /held")) {
                            awaitQuietly(go);
                        }
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                TestProxy proxy = TestProxy.start(
                        TestProxy.to(backend.port()) + "\noverload: {exchanges: 20}\n", 1, Transport.Wish.AUTO);
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 17; i++) {
                client.get(1 + 2 * i, "/held");
            }
            Awaitility.await().until(() -> proxy.counted(Count.OVERLOAD_STEP) == 1);
            assertThat(client.get(35, "/").answer(35).status()).isEqualTo(200);
            assertThat(Objects.requireNonNull(client.await(H2Client.GOAWAY)).number(4))
                    .isEqualTo(H2Client.NO_ERROR);
            assertThat(proxy.counted(Count.SHED_KEEP_ALIVE)).isEqualTo(1);
            go.countDown();
            assertThat(client.connectionError()).isEqualTo(H2Client.NO_ERROR);
            for (int i = 0; i < 17; i++) {
                assertThat(client.soFar(1 + 2 * i).text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void answersAStreamTooManyWithRetryAfter() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer backend = RawServer.start(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        awaitQuietly(go);
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                TestProxy proxy = TestProxy.start(
                        TestProxy.to(backend.port()) + "\noverload: {exchanges: 20}\n", 1, Transport.Wish.AUTO);
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 21; i++) {
                client.get(1 + 2 * i, "/");
            }
            assertThat(client.answer(41).status()).isEqualTo(503);
            assertThat(client.answer(41).field("retry-after")).isEqualTo("1");
            go.countDown();
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void countsConnectionsOfHttp2AgainstTheLimitPerClientToo() {
        try (RawServer backend = RawServer.saying("ok");
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port())
                        .replace("address: 127.0.0.1:0", "address: 127.0.0.1:0, limits: {connectionsPerClient: 1}"));
                H2Client first = H2Client.connect(proxy.port())) {
            assertThat(first.get(1, "/").answer(1).status()).isEqualTo(200);
            try (H2Client second = H2Client.raw(proxy.port())) {
                assertThat(second.next()).isNull();
            }
            assertThat(proxy.counted(Count.CONNECTIONS_REFUSED)).isEqualTo(1);
            assertThat(first.get(3, "/").answer(3).status()).isEqualTo(200);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
