package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.Outcome;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.telemetry.VariantTotals;
import io.turnout.testing.Fault;
import io.turnout.testing.FaultServer;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Requests against a backend that draws a fault for each of them, from clients some of whom leave: at the end no exchange
 * and no connection is stuck, every request is accounted for, and no buffer has leaked (the build's leak detection says
 * so). {@code -Dturnout.faults=1000000} makes it the long run, {@code -Dprop.seed} repeats one.
 */
class RandomFaultsTest {
    private static final int REQUESTS = Integer.getInteger("turnout.faults", 3_000);
    private static final int CLIENTS = 4;

    private final long seed = Long.getLong("prop.seed", System.nanoTime());
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong aborted = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final List<Throwable> wrong = new ArrayList<>();

    @Test
    void everyRequestIsAccountedForAndNothingIsStuck() throws InterruptedException {
        List<Fault> faults = Fault.all();
        Random draws = new Random(seed);
        try (FaultServer backend = FaultServer.start(
                        () -> {
                            synchronized (draws) {
                                // Half of the answers are good, or hardly a connection would ever be used twice.
                                return draws.nextBoolean() ? faults.get(0) : faults.get(draws.nextInt(faults.size()));
                            }
                        },
                        Fault.Pace.WHOLE);
                TestProxy proxy = TestProxy.start(TestProxy.split(
                        "only: 1",
                        "only: {endpoints: [127.0.0.1:" + backend.port()
                                + "], timeouts: {response: 50ms, idle: 50ms}}"))) {
            CountDownLatch done = new CountDownLatch(CLIENTS);
            for (int i = 0; i < CLIENTS; i++) {
                Random own = new Random(seed + i + 1);
                new Thread(() -> run(proxy, own, done), "random-client-" + i).start();
            }
            done.await();
            assertThat(wrong).as("seed %d", seed).isEmpty();
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertSettled(proxy));
        }
    }

    private void assertSettled(TestProxy proxy) {
        VariantTotals totals = proxy.totals("all", "only");
        long finished = 0;
        for (Outcome outcome : Outcome.values()) {
            finished += totals.finished(outcome);
        }
        assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).as("seed %d", seed).isZero();
        assertThat(proxy.counted(Count.CONNECTIONS_OPEN)).as("seed %d", seed).isZero();
        assertThat(finished).as("seed %d, finished of those begun", seed).isEqualTo(totals.started());
        assertThat(answered.get() + aborted.get() + broken.get())
                .as("seed %d, seen by clients", seed)
                .isEqualTo((long) REQUESTS / CLIENTS * CLIENTS);
        assertThat(totals.started()).isLessThanOrEqualTo(answered.get() + aborted.get() + broken.get());
    }

    private void run(TestProxy proxy, Random random, CountDownLatch done) {
        RawClient client = RawClient.connect(proxy.port());
        try {
            for (int i = 0; i < REQUESTS / CLIENTS; i++) {
                if (!ask(client, random)) {
                    client.close();
                    client = RawClient.connect(proxy.port());
                }
            }
        } catch (RuntimeException | AssertionError e) {
            synchronized (wrong) {
                wrong.add(e);
            }
        } finally {
            client.close();
            done.countDown();
        }
    }

    /** One request; answers whether the connection can carry another. */
    private boolean ask(RawClient client, Random random) {
        boolean post = random.nextInt(3) == 0;
        String body = "x".repeat(random.nextInt(9000));
        String request = post
                ? "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body
                : "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        int leaves = random.nextInt(20);
        try {
            if (leaves == 0) {
                client.send(request.substring(0, random.nextInt(request.length())));
                aborted.incrementAndGet();
                return false;
            }
            client.send(request);
            if (leaves == 1) {
                aborted.incrementAndGet();
                return false;
            }
            Answer answer = client.read();
            while (answer.status() < 200) {
                answer = client.read();
            }
            if (!answer.whole()) {
                broken.incrementAndGet();
                return false;
            }
            answered.incrementAndGet();
            assertThat(answer.status()).isIn(200, 502, 503, 504);
            if (answer.status() == 200) {
                assertThat(answer.text()).isEqualTo(Fault.BODY);
            }
            return !"close".equals(answer.field("connection"));
        } catch (UncheckedIOException e) {
            broken.incrementAndGet();
            return false;
        }
    }
}
