package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.compare.DifferenceReport;
import io.turnout.compare.Finding;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.MirrorUnpaired;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Answers of a shadow held against the originals', through a whole data plane. */
class MirrorComparisonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REQUESTS = 200;
    private static final AtomicLong TIME = new AtomicLong();
    private static final AtomicLong SERVICES = new AtomicLong();

    /** A version of a small service: real content, and four kinds of noise. */
    private static RawServer service(int price) {
        Random random = new Random(Long.getLong("prop.seed", 20261121) + SERVICES.incrementAndGet());
        return RawServer.start(connection -> {
            while (!connection.readHead().isEmpty()) {
                String body = body(price, random);
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
            }
        });
    }

    private static synchronized String body(int price, Random random) {
        List<String> tags = new ArrayList<>(List.of("\"a\"", "\"b\"", "\"c\"", "\"d\""));
        Collections.shuffle(tags, random);
        return "{\"name\":\"lamp\",\"price\":" + price + ",\"tags\":[" + String.join(",", tags) + "],\"meta\":{\"at\":"
                + TIME.incrementAndGet() + ",\"id\":\"" + Long.toHexString(random.nextLong()) + "\",\"load\":0.1234"
                + random.nextInt(10) + "}}";
    }

    private static String yaml(RawServer main, RawServer shadow, RawServer control, String compare) {
        return "listeners: [{name: web, address: 127.0.0.1:0}]\n"
                + "pools: {main: [127.0.0.1:" + main.port() + "], shadow: [127.0.0.1:" + shadow.port()
                + "], control: [127.0.0.1:" + control.port() + "]}\n"
                + "routes:\n  - name: all\n    split: {main: 1}\n"
                + "    mirror: {pool: shadow, limits: {inFlight: 1000}, compare: {" + compare + "}}\n"
                + "  - name: unused\n    match: {host: unused.example}\n    split: {control: 1}\n";
    }

    private static DifferenceReport run(String compare) {
        try (RawServer main = service(10);
                RawServer shadow = service(12);
                RawServer control = service(10);
                TestProxy proxy = TestProxy.start(yaml(main, shadow, control, compare));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.get("/item?token=secret").status()).isEqualTo(200);
            }
            await().atMost(PATIENCE)
                    .until(() -> proxy.differences("all", "shadow").compared() == REQUESTS);
            MirrorMeter meter = proxy.mirror("all", "shadow", "shadow");
            assertThat(meter.budget().bytes()).isZero();
            for (MirrorUnpaired reason : MirrorUnpaired.values()) {
                assertThat(meter.unpaired(reason)).isZero();
            }
            return proxy.differences("all", "shadow");
        }
    }

    private static List<String> flagged(DifferenceReport report) {
        return report.findings().stream()
                .filter(Finding::flagged)
                .map(finding -> finding.field().toString())
                .toList();
    }

    @Test
    void withAControlExactlyTheRealDifferenceIsFlagged() {
        DifferenceReport report = run("control: control");
        assertThat(flagged(report)).containsExactly("body /price");
        assertThat(report.findings())
                .extracting(finding -> finding.field().toString())
                .containsExactlyInAnyOrder(
                        "body /price", "body /tags/*", "body /meta/at", "body /meta/id", "body /meta/load");
        assertThat(report.different()).isEqualTo(REQUESTS);
        assertThat(report.findings().get(0).samples()).hasSize(5).allSatisfy(sample -> {
            assertThat(sample.primary()).isEqualTo("10");
            assertThat(sample.shadow()).isEqualTo("12");
            assertThat(sample.request()).isEqualTo("GET /item");
        });
    }

    @Test
    void withoutAControlTwoRulesDoTheSame() {
        DifferenceReport report = run("ignore: [{pointer: /meta}, {pointer: /tags, unordered: true}]");
        assertThat(flagged(report)).containsExactly("body /price");
        assertThat(report.findings()).hasSize(1);
    }

    @Test
    void answersTooLargeOrWithoutRoomAreCountedAndNotKept() {
        try (RawServer main = RawServer.saying("x".repeat(5_000));
                RawServer shadow = RawServer.saying("y".repeat(5_000));
                RawServer control = RawServer.saying("");
                TestProxy large = TestProxy.start(yaml(main, shadow, control, "body: 1KiB"));
                TestProxy crowded = TestProxy.start(
                        yaml(main, shadow, control, "").replace("inFlight: 1000", "inFlight: 1000, total: 1KiB"));
                RawClient toLarge = RawClient.connect(large.port());
                RawClient toCrowded = RawClient.connect(crowded.port())) {
            toLarge.get("/");
            toCrowded.get("/");
            await().atMost(PATIENCE)
                    .until(() -> large.differences("all", "shadow").compared() == 1);
            assertThat(large.differences("all", "shadow").bodySkipped()).containsEntry("body_too_large", 1L);
            MirrorMeter meter = crowded.mirror("all", "shadow", "shadow");
            await().atMost(PATIENCE).until(() -> meter.unpaired(MirrorUnpaired.MEMORY) == 1);
            assertThat(meter.budget().bytes()).isZero();
        }
    }

    @Test
    void anOriginalAnsweredByAnotherVariantThanTheControlsIsNotCompared() {
        try (RawServer main = service(10);
                RawServer shadow = service(12);
                RawServer canary = service(11);
                TestProxy proxy = TestProxy.start(yaml(main, shadow, canary, "control: main")
                        .replace("split: {main: 1}", "split: {main: 1, control: 1}"));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            await().atMost(PATIENCE)
                    .until(() -> proxy.differences("all", "shadow").compared() == 10);
            assertThat(proxy.mirror("all", "shadow", "shadow").unpaired(MirrorUnpaired.OTHER_VARIANT))
                    .isEqualTo(10);
            assertThat(flagged(proxy.differences("all", "shadow"))).containsExactly("body /price");
        }
    }
}
