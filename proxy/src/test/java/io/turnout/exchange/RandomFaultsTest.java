package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.Outcome;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.telemetry.PoolMeter;
import io.turnout.telemetry.VariantTotals;
import io.turnout.testing.Fault;
import io.turnout.testing.FaultServer;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Requests against a backend that draws a fault for each of them, from clients some of whom leave and some of whom send
 * what is none: at the end no exchange and no connection is stuck, the proxy's counters say of every request what its
 * client saw, and no buffer has leaked (the build's leak detection says so). {@code -Dturnout.faults=1000000} makes it
 * the long run, which tells its sums as it goes; {@code -Dprop.seed} repeats one.
 */
class RandomFaultsTest {
    private static final int REQUESTS = Integer.getInteger("turnout.faults", 3_000);
    private static final int CLIENTS = 4;

    /** So often a long run tells how far it is. */
    private static final int REPORT_EVERY = 50_000;

    private final long seed = Long.getLong("prop.seed", System.nanoTime());
    private final AtomicLong connected = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** The client left when a whole head had been sent, or before. */
    private final AtomicLong left = new AtomicLong();

    private final AtomicLong leftInHead = new AtomicLong();
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
            Awaitility.await().untilAsserted(() -> assertSettled(proxy));
            report(proxy);
        }
    }

    private void assertSettled(TestProxy proxy) {
        VariantTotals totals = proxy.totals("all", "only");
        SoftAssertions all = new SoftAssertions();
        all.assertThat(answered.get() + cut.get() + left.get() + leftInHead.get() + refused.get())
                .as("seed %d, seen by clients of those sent", seed)
                .isEqualTo(asked.get());
        all.assertThat(answered.get() + cut.get() + left.get())
                .as("seed %d, seen by clients of those begun", seed)
                .isEqualTo(totals.started());
        all.assertThat(totals.finished()).as("seed %d, finished", seed).isEqualTo(totals.started());
        all.assertThat(totals.finished(Outcome.CLIENT_GONE)).isLessThanOrEqualTo(left.get());
        all.assertThat(proxy.counted(Count.REFUSED_MALFORMED)).isEqualTo(refused.get());
        all.assertThat(proxy.counted(Count.CONNECTIONS_ACCEPTED)).isEqualTo(connected.get());
        all.assertThat(proxy.counted(Count.CONNECTIONS_OPEN)).isZero();
        all.assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).isZero();
        PoolPlan pool = proxy.pool("only");
        all.assertThat(pool.meter().read(PoolMeter.Count.PENDING)).isZero();
        all.assertThat(pool.meter().read(PoolMeter.Count.RETRIES_ACTIVE)).isZero();
        all.assertThat(pool.endpoints().get(0).meter().active()).isZero();
        all.assertThat(pool.endpoints().get(0).meter().connections()).isZero();
        all.assertAll();
    }

    private void report(TestProxy proxy) {
        VariantTotals totals = proxy.totals("all", "only");
        System.out.printf(
                "%d sent = %d answered + %d cut + %d left + %d left in the head + %d refused;"
                        + " the proxy began %d, finished %d, refused %d%n",
                asked.get(),
                answered.get(),
                cut.get(),
                left.get(),
                leftInHead.get(),
                refused.get(),
                totals.started(),
                totals.finished(),
                proxy.counted(Count.REFUSED_MALFORMED));
    }

    private void run(TestProxy proxy, Random random, CountDownLatch done) {
        RawClient client = connect(proxy);
        try {
            for (int i = 0; i < REQUESTS / CLIENTS; i++) {
                if (!ask(client, random)) {
                    client.close();
                    client = connect(proxy);
                }
                if (asked.incrementAndGet() % REPORT_EVERY == 0) {
                    report(proxy);
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

    private RawClient connect(TestProxy proxy) {
        RawClient client = RawClient.connect(proxy.port());
        connected.incrementAndGet();
        return client;
    }

    /** One request; answers whether the connection can carry another. */
    private boolean ask(RawClient client, Random random) {
        String head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        String body = "";
        if (random.nextInt(3) == 0) {
            body = "x".repeat(random.nextInt(9000));
            head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n";
        }
        String request = head + body;
        switch (random.nextInt(20)) {
            case 0 -> leave(client, request.substring(0, random.nextInt(request.length())), head);
            case 1 -> leave(client, request, head);
            case 2 -> {
                assertThat(client.send(request.replace("Host:", "Host :"))
                                .read()
                                .status())
                        .isEqualTo(400);
                refused.incrementAndGet();
            }
            default -> {
                return answers(client.send(request));
            }
        }
        return false;
    }

    private void leave(RawClient client, String sent, String head) {
        client.send(sent);
        (sent.length() < head.length() ? leftInHead : left).incrementAndGet();
    }

    private boolean answers(RawClient client) {
        try {
            Answer answer = client.read();
            while (answer.status() < 200) {
                answer = client.read();
            }
            if (!answer.whole()) {
                cut.incrementAndGet();
                return false;
            }
            answered.incrementAndGet();
            assertThat(answer.status()).isIn(200, 502, 503, 504);
            if (answer.status() == 200) {
                assertThat(answer.text()).isEqualTo(Fault.BODY);
            }
            return !"close".equals(answer.field("connection"));
        } catch (UncheckedIOException e) {
            cut.incrementAndGet();
            return false;
        }
    }
}
