package io.turnout.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.listener.Transport;
import io.turnout.model.UpstreamFailure;
import io.turnout.telemetry.MirrorDrop;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.MirrorMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of live requests, with real backends: what is copied, how, and that the original never notices. */
class MirrorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static String yaml(int primary, int shadow, String mirror) {
        return "listeners: [{name: web, address: 127.0.0.1:0}]\n"
                + "pools: {main: [127.0.0.1:" + primary + "], shadow: [127.0.0.1:" + shadow + "]}\n"
                + "routes:\n  - name: all\n    split: {main: 1}\n    mirror: {pool: shadow" + mirror + "}\n";
    }

    /** A client, and a proxy that copies all of its requests to a shadow that does well. */
    private static final class Scene implements AutoCloseable {
        final RawServer main = RawServer.saying("main");
        final RawServer shadow = RawServer.saying("shadow");
        final TestProxy proxy = TestProxy.start(yaml(main.port(), shadow.port(), ""));
        final RawClient client = RawClient.connect(proxy.port());

        @Override
        public void close() {
            client.close();
            proxy.close();
            shadow.close();
            main.close();
        }
    }

    static MirrorMeter meter(TestProxy proxy) {
        return proxy.mirror("all", "shadow", "shadow");
    }

    /** Every copy that was decided on has ended in exactly one way, and nothing is held. */
    static void awaitAllOver(MirrorMeter meter) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            long ended = meter.read(Count.COMPLETED);
            for (MirrorDrop reason : MirrorDrop.values()) {
                ended += meter.dropped(reason);
            }
            for (UpstreamFailure failure : UpstreamFailure.values()) {
                ended += meter.failed(failure);
            }
            assertThat(ended).isEqualTo(meter.read(Count.CHOSEN));
            assertThat(meter.budget().copies()).isZero();
            assertThat(meter.budget().bytes()).isZero();
        });
    }

    private static String head(RawServer server) {
        await().atMost(PATIENCE).until(() -> !server.heads().isEmpty());
        return server.heads().get(0);
    }

    @Test
    void aCopyIsTheRequestAsTheClientSentItWithAMark() {
        try (Scene scene = new Scene()) {
            scene.client.send(
                    "GET /a?b=c HTTP/1.1\r\nHost: shop.example:81\r\nAuthorization: Bearer t\r\nCookie: u=1\r\n"
                            + "X-Hop: 1\r\nConnection: X-Hop\r\n"
                            + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n");
            assertThat(scene.client.read().text()).isEqualTo("main");
            assertThat(head(scene.shadow))
                    .startsWith("GET /a?b=c HTTP/1.1\r\n")
                    .contains("Host: shop.example:81\r\n")
                    .contains("Turnout-Mirror: shadow\r\n")
                    .contains("Authorization: Bearer t\r\n")
                    .contains("Cookie: u=1\r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .contains("00-0af7651916cd43dd8448eb211c80319c-")
                    .doesNotContain("b7ad6b7169203331")
                    .doesNotContain("X-Hop");
            assertThat(head(scene.main)).contains("b7ad6b7169203331").doesNotContain("Turnout-Mirror");
            awaitAllOver(meter(scene.proxy));
            assertThat(meter(scene.proxy).read(Count.COMPLETED)).isEqualTo(1);
        }
    }

    @Test
    void aRequestWithTwoPlacesInATraceIsCopiedWithBoth() {
        // W3C Trace Context section 3.2: such a request has no trace that could be continued
        String one = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
        String other = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-01\r\n";
        try (Scene scene = new Scene()) {
            scene.client.send("GET / HTTP/1.1\r\nHost: a\r\n" + one + other + "\r\n");
            assertThat(scene.client.read().text()).isEqualTo("main");
            assertThat(head(scene.shadow)).contains(one + other);
        }
    }

    @Test
    void copiesGoAgainToAShadowsEndpointThatWasDown() {
        RawServer down = RawServer.saying("one");
        int port = down.port();
        down.close();
        try (RawServer main = RawServer.saying("main");
                RawServer other = RawServer.saying("other");
                TestProxy proxy = TestProxy.start(
                        "listeners: [{name: web, address: 127.0.0.1:0}]\npools: {main: [127.0.0.1:" + main.port()
                                + "], shadow: [127.0.0.1:" + port + ", 127.0.0.1:" + other.port() + "]}\n"
                                + "routes:\n  - {name: all, split: {main: 1}, mirror: {pool: shadow}}\n",
                        1,
                        Transport.Wish.AUTO);
                RawClient client = RawClient.connect(proxy.port())) {
            await().atMost(PATIENCE).until(() -> {
                client.get("/");
                return proxy.pool("shadow").endpoints().get(0).meter().connectFailures() > 0;
            });
            try (RawServer one = RawServer.startAt(port, connection -> {
                while (!connection.readHead().isEmpty()) {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
                }
            })) {
                await().atMost(PATIENCE).until(() -> {
                    client.get("/");
                    return !one.heads().isEmpty();
                });
            }
        }
    }

    @Test
    void aCopyBearsTheIdThatWasMintedForItsOriginal() {
        try (Scene scene = new Scene()) {
            scene.client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\nConnection: X-Request-Id\r\n\r\n");
            assertThat(scene.client.read().text()).isEqualTo("main");
            String line = head(scene.main)
                    .lines()
                    .filter(one -> one.startsWith("X-Request-Id: "))
                    .findFirst()
                    .orElseThrow();

            assertThat(line).matches("X-Request-Id: [0-9a-f]{32}");
            assertThat(head(scene.shadow).lines()).containsOnlyOnce(line).doesNotContain("X-Request-Id: mine");
            awaitAllOver(meter(scene.proxy));
        }
    }

    @Test
    void aCopyIsShapedAsConfigured() {
        String mirror = ", unsafeMethods: true, body: false, dropCredentials: true,"
                + " headers: {set: {x-env: shadow}, remove: [x-gone]}, rewrite: {host: shadow.example, prefix: /v2}";
        try (RawServer main = RawServer.start(connection -> {
                    connection.readHead();
                    connection.readBody(5);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    connection.read();
                });
                RawServer shadow = RawServer.saying("shadow");
                TestProxy proxy = TestProxy.start(yaml(main.port(), shadow.port(), mirror)
                        .replace("split:", "match: {path: {prefix: /}}\n    split:"));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("POST /a HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer t\r\nCookie: u=1\r\n"
                    + "X-Gone: 1\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(head(shadow))
                    .startsWith("POST /v2/a HTTP/1.1\r\n")
                    .contains("Host: shadow.example\r\n")
                    .contains("x-env: shadow\r\n")
                    .contains("Content-Length: 0\r\n")
                    .doesNotContain("Authorization")
                    .doesNotContain("Cookie")
                    .doesNotContain("X-Gone")
                    .doesNotContain("Content-Type");
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).read(Count.COMPLETED)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1            | X: y                   | 1",
                "HEAD / HTTP/1.1           | X: y                   | 1",
                "POST / HTTP/1.1           | Content-Length: 0      | 0",
                "DELETE / HTTP/1.1         | X: y                   | 0",
                "GET / HTTP/1.1            | Turnout-Mirror: shadow | 0",
                "GET / HTTP/1.1            | turnout-mirror: x      | 0",
                "GET / HTTP/1.1            | Expect: 100-continue   | 0",
            })
    void copiesOnlyWhatMayBeCopied(String line, String field, int copies) {
        try (RawServer main = RawServer.answering("HTTP/1.1 204 No Content\r\n\r\n");
                RawServer shadow = RawServer.answering("HTTP/1.1 204 No Content\r\n\r\n");
                TestProxy proxy = TestProxy.start(yaml(main.port(), shadow.port(), ""));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send(line.strip() + "\r\nHost: h\r\n" + field.strip() + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(204);
            assertThat(meter(proxy).read(Count.CHOSEN)).isEqualTo(copies);
            awaitAllOver(meter(proxy));
        }
    }

    @Test
    void tunnelsAreNotCopied() {
        String switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
        try (RawServer main = RawServer.answering(switching);
                RawServer shadow = RawServer.answering(switching);
                TestProxy proxy = TestProxy.start(yaml(main.port(), shadow.port(), ", unsafeMethods: true"))) {
            try (RawClient client = RawClient.connect(proxy.port())) {
                client.send("GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
            }
            try (RawClient client = RawClient.connect(proxy.port())) {
                client.send("CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n");
                assertThat(client.readUntil("\r\n")).startsWith("HTTP/1.1 ");
            }
            assertThat(meter(proxy).read(Count.CHOSEN)).isZero();
            assertThat(shadow.connections()).isZero();
        }
    }

    /** More requests: {@code -Dprop.requests=100000}. */
    @Test
    void takesExactlyTheShareOfEachLoop() {
        int requests = Integer.getInteger("prop.requests", 4_000);
        int clients = 4;
        int loops = 2;
        try (RawServer main = RawServer.saying("main");
                RawServer shadow = RawServer.saying("shadow");
                TestProxy proxy = TestProxy.start(
                        yaml(main.port(), shadow.port(), ", percent: 10%, limits: {inFlight: 100000}"))) {
            for (int i = 0; i < clients; i++) {
                try (RawClient client = RawClient.connect(proxy.port())) {
                    for (int n = 0; n < requests / clients; n++) {
                        assertThat(client.get("/").status()).isEqualTo(200);
                    }
                }
            }
            long chosen = meter(proxy).read(Count.CHOSEN);
            assertThat(chosen).isBetween(requests / 10L - loops, requests / 10L + loops);
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).read(Count.COMPLETED)).isEqualTo(chosen);
        }
    }

    /** What a shadow can do wrong. */
    enum Misbehaviour {
        REFUSES,
        HANGS,
        RESETS,
        ANSWERS_GARBAGE,
        DRIPS,
        NEVER_READS,
        ANSWERS_WITHOUT_END,
        HALF_AN_ANSWER;

        RawServer.Script script() {
            return connection -> {
                if (this == NEVER_READS) {
                    pause();
                    return;
                }
                connection.readHead();
                switch (this) {
                    case RESETS -> connection.reset();
                    case ANSWERS_GARBAGE -> connection.write("\u0000\u0001 nonsense\r\n\r\n");
                    case HALF_AN_ANSWER -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    case DRIPS -> {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                        for (int i = 0; i < 100_000; i++) {
                            connection.write("x");
                            pauseMillis(20);
                        }
                    }
                    case ANSWERS_WITHOUT_END -> {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n");
                        byte[] megabyte = new byte[1 << 20];
                        for (int i = 0; i < 10_240; i++) {
                            connection.write(megabyte);
                        }
                    }
                    default -> pause();
                }
            };
        }

        private static void pause() {
            pauseMillis(60_000);
        }

        /** How long a server takes is what is being tested here, not a wait for something to happen. */
        private static void pauseMillis(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOriginalDoesNotNoticeWhatTheShadowDoesWrong(Misbehaviour misbehaviour) throws IOException {
        int dead = deadPort();
        String caps = ", unsafeMethods: true, timeout: 700ms, limits: {request: 64MiB, total: 2MiB, answer: 1MiB}";
        byte[] large = new byte[8 << 20];
        try (RawServer main = hashing(new ConcurrentHashMap<>());
                RawServer shadow = RawServer.start(misbehaviour.script());
                TestProxy proxy = TestProxy.start(
                        yaml(main.port(), misbehaviour == Misbehaviour.REFUSES ? dead : shadow.port(), caps));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 12; i++) {
                byte[] body = i % 4 == 3 ? large : new byte[1024];
                client.send("POST /" + i + " HTTP/1.1\r\nHost: h\r\nX-Id: " + i + "\r\nContent-Length: " + body.length
                        + "\r\n\r\n");
                client.send(body);
                assertThat(client.read().status()).isEqualTo(200);
                assertThat(meter(proxy).budget().bytes()).isLessThanOrEqualTo(2 << 20);
            }
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).read(Count.COMPLETED)).isZero();
            assertThat(meter(proxy).read(Count.CHOSEN)).isEqualTo(12);
            assertThat(proxy.totals("all", "main").finished()).isEqualTo(12);
        }
    }

    private static int deadPort() throws IOException {
        try (java.net.ServerSocket unused = new java.net.ServerSocket(0)) {
            return unused.getLocalPort();
        }
    }

    @Test
    void aDeadShadowIsLeftAloneAfterAFewFailures() throws IOException {
        try (RawServer main = RawServer.saying("main");
                TestProxy proxy =
                        TestProxy.start(yaml(main.port(), deadPort(), ""), 1, io.turnout.listener.Transport.Wish.AUTO);
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/").text()).isEqualTo("main");
            }
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).dropped(MirrorDrop.BREAKER_OPEN)).isGreaterThan(20);
        }
    }

    @Test
    void aCopyWhoseBodyIsTooLongIsCutAndNeverLooksWhole() {
        Map<String, String> seen = new ConcurrentHashMap<>();
        try (RawServer main = hashing(new ConcurrentHashMap<>());
                RawServer shadow = hashing(seen);
                TestProxy proxy = TestProxy.start(
                        yaml(main.port(), shadow.port(), ", unsafeMethods: true, limits: {request: 1KiB}"));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nX-Id: length\r\nContent-Length: 2000\r\n\r\n");
            client.send(new byte[2000]);
            assertThat(client.read().status()).isEqualTo(200);
            client.send("POST / HTTP/1.1\r\nHost: h\r\nX-Id: chunked\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1f4\r\n" + "x".repeat(500) + "\r\n";
            client.send(chunk).send(chunk);
            await().atMost(PATIENCE).until(() -> shadow.heads().size() == 1);
            client.send(chunk).send(chunk).send("0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).dropped(MirrorDrop.REQUEST_BYTES)).isEqualTo(2);
            assertThat(meter(proxy).read(Count.SENT)).isEqualTo(1);
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void noMoreCopiesThanAllowedAreUnderWay() {
        try (RawServer main = RawServer.saying("main");
                RawServer shadow = RawServer.start(Misbehaviour.HANGS.script());
                TestProxy proxy =
                        TestProxy.start(yaml(main.port(), shadow.port(), ", timeout: 500ms, limits: {inFlight: 3}"));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").text()).isEqualTo("main");
            }
            assertThat(meter(proxy).dropped(MirrorDrop.IN_FLIGHT)).isEqualTo(7);
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).failed(UpstreamFailure.TOTAL_TIMEOUT)).isEqualTo(3);
        }
    }

    @Test
    void aRequestThatIsCutIsNotCopiedAsAWholeOne() {
        Map<String, String> seen = new ConcurrentHashMap<>();
        try (RawServer main = hashing(new ConcurrentHashMap<>());
                RawServer shadow = hashing(seen);
                TestProxy proxy = TestProxy.start(yaml(main.port(), shadow.port(), ", unsafeMethods: true"))) {
            try (RawClient client = RawClient.connect(proxy.port())) {
                client.send(
                        "POST / HTTP/1.1\r\nHost: h\r\nX-Id: cut\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                await().atMost(PATIENCE).until(() -> shadow.heads().size() == 1);
            }
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).dropped(MirrorDrop.REQUEST_CUT)).isEqualTo(1);
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void theLittleThatHasComeOfASlowRequestReachesTheShadowBeforeTheRest() {
        AtomicReference<String> early = new AtomicReference<>();
        try (RawServer main = RawServer.start(connection -> {
                    connection.readHead();
                    connection.readBody(10);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    connection.read();
                });
                RawServer shadow = RawServer.start(connection -> {
                    connection.readHead();
                    early.set(new String(connection.readBody(5), ISO_8859_1));
                    connection.readBody(5);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    connection.read();
                });
                TestProxy proxy = TestProxy.start(yaml(main.port(), shadow.port(), ", unsafeMethods: true"));
                RawClient client = RawClient.connect(proxy.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nfirst");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(early).hasValue("first"));
            client.send("other");
            assertThat(client.read().status()).isEqualTo(200);
            awaitAllOver(meter(proxy));
            assertThat(meter(proxy).read(Count.COMPLETED)).isEqualTo(1);
        }
    }

    /** More requests: {@code -Dprop.requests=100000}. */
    @Test
    void everyWholeCopyHasTheOctetsOfItsOriginal() {
        long seed = Long.getLong("prop.seed", 20261121);
        int requests = Integer.getInteger("prop.requests", 300);
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, String> original = new ConcurrentHashMap<>();
        Map<String, String> copied = new ConcurrentHashMap<>();
        String caps = ", unsafeMethods: true, limits: {request: 1MiB, total: 256MiB, inFlight: 1000}";
        try (RawServer main = hashing(original);
                RawServer shadow = hashing(copied);
                TestProxy proxy = TestProxy.start(yaml(main.port(), shadow.port(), caps));
                RawClient client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < requests; i++) {
                sendRandom(client, i, random);
                assertThat(client.read().status()).as("seed %d", seed).isEqualTo(200);
            }
            awaitAllOver(meter(proxy));
            assertThat(original).hasSize(requests);
            assertThat(meter(proxy).read(Count.COMPLETED)).as("seed %d", seed).isEqualTo(requests);
            assertThat(copied).as("seed %d", seed).isEqualTo(original);
        }
    }

    private static void sendRandom(RawClient client, int id, SplittableRandom random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(3_000);
        byte[] body = new byte[length];
        random.nextBytes(body);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        String start = "PUT /" + id + " HTTP/1.1\r\nHost: h\r\nX-Id: " + id + "\r\n";
        if (random.nextBoolean()) {
            wire.writeBytes((start + "Content-Length: " + length + "\r\n\r\n").getBytes(ISO_8859_1));
            wire.writeBytes(body);
        } else {
            wire.writeBytes((start + "Transfer-Encoding: chunked\r\n\r\n").getBytes(ISO_8859_1));
            for (int at = 0; at < length; ) {
                int chunk = 1 + random.nextInt(Math.min(length - at, 1 + random.nextInt(20_000)));
                wire.writeBytes((Integer.toHexString(chunk) + "\r\n").getBytes(ISO_8859_1));
                wire.write(body, at, chunk);
                wire.writeBytes("\r\n".getBytes(ISO_8859_1));
                at += chunk;
            }
            wire.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        }
        byte[] octets = wire.toByteArray();
        for (int at = 0; at < octets.length; ) {
            int segment = Math.min(octets.length - at, 1 + random.nextInt(40_000));
            client.send(java.util.Arrays.copyOfRange(octets, at, at + segment));
            at += segment;
        }
    }

    /** A server that notes the digest of each whole request body by the request's X-Id, and says 200. */
    private static RawServer hashing(Map<String, String> digests) {
        return RawServer.start(connection -> {
            for (String head; !(head = connection.readHead()).isEmpty(); ) {
                byte[] body = body(connection, head);
                if (body == null) {
                    return;
                }
                digests.put(field(head, "x-id"), digest(body));
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
    }

    private static byte @org.jspecify.annotations.Nullable [] body(RawServer.Connection connection, String head)
            throws IOException {
        String length = field(head, "content-length");
        if (!length.isEmpty()) {
            byte[] body = connection.readBody(Integer.parseInt(length));
            return body.length == Integer.parseInt(length) ? body : null;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = connection.readUntil("\r\n");
            if (!line.endsWith("\r\n")) {
                return null;
            }
            int size = Integer.parseInt(line.strip(), 16);
            byte[] chunk = connection.readBody(size);
            if (chunk.length < size || !connection.readUntil("\r\n").equals("\r\n")) {
                return null;
            }
            if (size == 0) {
                return body.toByteArray();
            }
            body.writeBytes(chunk);
        }
    }

    private static String field(String head, String lowerCaseName) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(lowerCaseName + ":")) {
                return line.substring(lowerCaseName.length() + 1).strip();
            }
        }
        return "";
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
