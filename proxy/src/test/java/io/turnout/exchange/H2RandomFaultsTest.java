package io.turnout.exchange;

import static io.turnout.testing.H2Client.CANCEL;
import static io.turnout.testing.H2Client.DATA;
import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.RST_STREAM;
import static io.turnout.testing.H2Client.WINDOW_UPDATE;
import static io.turnout.testing.H2Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.UpstreamFailure;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.telemetry.MirrorDrop;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.PoolMeter;
import io.turnout.telemetry.VariantTotals;
import io.turnout.testing.Fault;
import io.turnout.testing.FaultServer;
import io.turnout.testing.H2Client;
import io.turnout.testing.H2Client.Answer;
import io.turnout.testing.H2Fault;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Clients that speak HTTP/2 and misbehave at random, in front of backends and shadows of both versions that do so too:
 * no answer is whole that should not be, and at the end nothing is stuck, held or leaked. {@code -Dprop.seed} repeats a
 * run, {@code -Dturnout.faults} makes it longer.
 */
class H2RandomFaultsTest {
    private static final int ERRANDS = Integer.getInteger("turnout.faults", 2_000);
    private static final int CLIENTS = 4;
    private static final int STREAMS_OF_AN_ERRAND = 3;
    private static final List<String> VARIANTS = List.of("old", "new");
    private static final List<String> SHADOWS = List.of("shadow", "dusk");

    private final long seed = Long.getLong("prop.seed", System.nanoTime());
    private final List<Throwable> wrong = new ArrayList<>();

    @Test
    void nothingIsStuckHeldOrWronglyWhole() throws InterruptedException {
        Random draws = new Random(seed);
        List<Fault> faults = Fault.all();
        try (FaultServer old = FaultServer.start(() -> one(draws, faults), Fault.Pace.WHOLE);
                RawServer now = H2Fault.server(() -> one(draws, List.of(H2Fault.values())));
                TestProxy proxy = TestProxy.start(yaml(old.port(), now.port()))) {
            CountDownLatch done = new CountDownLatch(CLIENTS);
            for (int i = 0; i < CLIENTS; i++) {
                Random own = new Random(seed + i + 1);
                new Thread(() -> run(proxy, own, done), "random-h2-client-" + i).start();
            }
            done.await();
            assertThat(wrong).as("seed %d", seed).isEmpty();
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertSettled(proxy));
        }
    }

    /** Half of what is drawn is the first, or hardly a connection would be used twice. */
    private static <T> T one(Random draws, List<T> faults) {
        synchronized (draws) {
            return draws.nextBoolean() ? faults.get(0) : faults.get(draws.nextInt(faults.size()));
        }
    }

    private static String yaml(int old, int now) {
        String timeouts = "timeouts: {response: 50ms, idle: 50ms}";
        String one = "{endpoints: [127.0.0.1:" + old + "], " + timeouts + "}";
        String two = "{protocol: h2, endpoints: [127.0.0.1:" + now + "], " + timeouts + "}";
        String mirror = ", unsafeMethods: true, percent: 50%, timeout: 50ms}";
        return "listeners: [{name: web, address: 127.0.0.1:0}]\n"
                + "pools: {old: " + one + ", new: " + two + ", shadow: " + one + ", dusk: " + two + "}\n"
                + "routes:\n  - {name: all, split: {old: 1, new: 1}, mirror: [{pool: shadow" + mirror + ", {pool: dusk"
                + mirror + "]}\n";
    }

    private void assertSettled(TestProxy proxy) {
        SoftAssertions all = new SoftAssertions();
        all.assertThat(proxy.counted(Count.CONNECTIONS_OPEN)).as("connections").isZero();
        all.assertThat(proxy.counted(Count.EXCHANGES_ACTIVE)).as("exchanges").isZero();
        for (String variant : VARIANTS) {
            VariantTotals totals = proxy.totals("all", variant);
            all.assertThat(totals.finished()).as("finished by %s", variant).isEqualTo(totals.started());
            all.assertThat(totals.started()).as("begun by %s", variant).isPositive();
            assertAtRest(all, proxy.pool(variant));
        }
        for (String shadow : SHADOWS) {
            assertAtRest(all, proxy.pool(shadow));
            assertEachCopyEnded(all, proxy.mirror("all", shadow, "shadow"));
        }
        all.assertAll();
    }

    private static void assertAtRest(SoftAssertions all, PoolPlan pool) {
        all.assertThat(pool.meter().read(PoolMeter.Count.PENDING)).as("pending").isZero();
        all.assertThat(pool.meter().read(PoolMeter.Count.RETRIES_ACTIVE))
                .as("retries")
                .isZero();
        all.assertThat(pool.endpoints().get(0).meter().active()).as("active").isZero();
        all.assertThat(pool.endpoints().get(0).meter().connections())
                .as("upstream")
                .isZero();
    }

    private static void assertEachCopyEnded(SoftAssertions all, MirrorMeter copies) {
        long ended = copies.read(MirrorMeter.Count.COMPLETED);
        for (MirrorDrop reason : MirrorDrop.values()) {
            ended += copies.dropped(reason);
        }
        for (UpstreamFailure failure : UpstreamFailure.values()) {
            ended += copies.failed(failure);
        }
        all.assertThat(ended).as("copies ended").isEqualTo(copies.read(MirrorMeter.Count.CHOSEN));
        all.assertThat(copies.budget().copies()).as("copies in flight").isZero();
        all.assertThat(copies.budget().bytes()).as("bytes held").isZero();
    }

    private void run(TestProxy proxy, Random random, CountDownLatch done) {
        try {
            for (int left = ERRANDS / CLIENTS; left > 0; ) {
                try (H2Client client = H2Client.connect(proxy.port()).frame(WINDOW_UPDATE, 0, 0, 1 << 30)) {
                    int stream = 1;
                    while (left-- > 0 && goesOn(client, random, stream)) {
                        stream += STREAMS_OF_AN_ERRAND * 2;
                    }
                } catch (UncheckedIOException e) {
                    // The proxy had ended the connection, as it may after what was done to it.
                }
            }
        } catch (RuntimeException | AssertionError e) {
            synchronized (wrong) {
                wrong.add(e);
            }
        } finally {
            done.countDown();
        }
    }

    /** One errand on streams from this number on; answers whether the connection can carry another. */
    private static boolean goesOn(H2Client client, Random random, int stream) {
        byte[] content = new byte[1 + random.nextInt(9000)];
        switch (random.nextInt(24)) {
            case 0 -> client.get(stream, "/").frame(RST_STREAM, 0, stream, CANCEL);
            case 1 ->
                client.headers(stream, 0, request("POST", "/"))
                        .data(stream, 0, content)
                        .frame(RST_STREAM, 0, stream, CANCEL);
            case 2 -> {
                client.get(stream, "/").get(stream + 2, "/");
                return false;
            }
            case 3 -> {
                client.headers(stream, 0, request("POST", "/")).send(new byte[] {0, 1, 0, DATA, 0});
                return false;
            }
            case 4 -> {
                client.get(stream, "/").data(0, 0, "to whom?");
                assertThat(client.connectionError()).isPositive();
                return false;
            }
            case 5 -> {
                client.get(stream, "/").frame(WINDOW_UPDATE, 0, stream, 0);
                return answers(client, stream);
            }
            case 6 -> {
                client.headers(stream, END_STREAM, request("GET", "/", "Upper", "case"));
                return answers(client, stream);
            }
            case 7 -> {
                client.headers(stream, 0, request("POST", "/", "content-length", "5"))
                        .data(stream, END_STREAM, content);
                return answers(client, stream);
            }
            case 8 -> {
                client.get(stream, "/").shutdownOutput();
                answers(client, stream);
                return false;
            }
            case 9, 10, 11 -> {
                client.get(stream, "/").get(stream + 2, "/").get(stream + 4, "/");
                boolean first = answers(client, stream);
                boolean second = answers(client, stream + 2);
                return answers(client, stream + 4) && second && first;
            }
            case 12, 13, 14, 15 -> {
                client.headers(stream, 0, request("POST", "/")).data(stream, 0, content);
                client.data(stream, END_STREAM, content);
                return answers(client, stream);
            }
            default -> {
                client.get(stream, "/");
                return answers(client, stream);
            }
        }
        return true;
    }

    /** Reads an answer to its end; whether the connection goes on. */
    private static boolean answers(H2Client client, int stream) {
        Answer answer = client.answer(stream);
        if (answer.whole() && answer.reset() < 0) {
            assertThat(answer.status()).isIn(200, 400, 502, 503, 504);
            if (answer.status() == 200) {
                assertThat(answer.text()).isEqualTo(Fault.BODY);
            }
            return true;
        }
        return answer.reset() >= 0;
    }
}
