package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol in front of HTTP and of TLS: who it may come from, what of it is taken, what is refused. */
class ProxyProtocolTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: example.test\r\n\r\n";
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

    private static String yaml(int backend, String listener) {
        return "listeners: [{name: web, address: 127.0.0.1:0, " + listener + "}]\n"
                + "accessLog: {format: json}\npools: {all: [127.0.0.1:" + backend + "]}\n"
                + "routes: [{name: all, split: {all: 1}}]\n";
    }

    private static String from(int backend, String version) {
        return yaml(backend, "proxyProtocol: " + version + ", trustedProxies: [127.0.0.0/8]");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] v2(int versionAndCommand, int family, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        out.write(versionAndCommand);
        out.write(family);
        out.write(rest.length >> 8);
        out.write(rest.length);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static final byte[] IPV4 = {(byte) 203, 0, 113, 9, 10, 0, 0, 1, 0x30, 0x39, 1, (byte) 0xbb};
    private static final byte[] IPV6 = new byte[36];

    static {
        IPV6[0] = 0x20;
        IPV6[1] = 1;
        IPV6[2] = 0x0d;
        IPV6[3] = (byte) 0xb8;
        IPV6[15] = 7;
    }

    private static byte[] withChecksum(int flip) {
        byte[] header = v2(0x21, 0x11, joined(IPV4, new byte[] {3, 0, 4, 0, 0, 0, 0}));
        CRC32C sum = new CRC32C();
        sum.update(header);
        long value = sum.getValue() ^ flip;
        for (int i = 0; i < 4; i++) {
            header[header.length - 4 + i] = (byte) (value >> (24 - 8 * i));
        }
        return header;
    }

    /** A preamble, and the client it stands for as the backend is told. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Good(String what, byte[] preamble, String client) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static List<Good> good() {
        return List.of(
                new Good("v1 IPv4", text("PROXY TCP4 203.0.113.9 10.0.0.1 12345 443\r\n"), "203.0.113.9"),
                new Good("v1 IPv6", text("PROXY TCP6 2001:db8::7 ::1 0 65535\r\n"), "2001:db8:0:0:0:0:0:7"),
                new Good("v1 unknown", text("PROXY UNKNOWN\r\n"), "127.0.0.1"),
                new Good("v1 unknown with rest", text("PROXY UNKNOWN ff::1 ff::2 1 2\r\n"), "127.0.0.1"),
                new Good("v2 IPv4", v2(0x21, 0x11, IPV4), "203.0.113.9"),
                new Good("v2 IPv6", v2(0x21, 0x21, IPV6), "2001:db8:0:0:0:0:0:7"),
                new Good("v2 local", v2(0x20, 0, new byte[0]), "127.0.0.1"),
                new Good("v2 local with rest", v2(0x20, 0x11, IPV4), "127.0.0.1"),
                new Good("v2 unspecified", v2(0x21, 0, new byte[3]), "127.0.0.1"),
                new Good("v2 with extension", v2(0x21, 0x11, joined(IPV4, new byte[] {4, 0, 2, 0, 0})), "203.0.113.9"),
                new Good("v2 with checksum", withChecksum(0), "203.0.113.9"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void takesTheClientFromThePreambleWholeOrDripping(Good good) {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(from(backend.port(), "any"))) {
            try (RawClient whole = RawClient.connect(proxy.port())) {
                assertThat(whole.send(joined(good.preamble, text(GET))).read().status())
                        .isEqualTo(200);
                assertThat(whole.get("/again").status()).isEqualTo(200);
            }
            try (RawClient dripping = RawClient.connect(proxy.port())) {
                dripping.drip(new String(good.preamble, StandardCharsets.ISO_8859_1));
                assertThat(dripping.get("/").status()).isEqualTo(200);
            }
            assertThat(backend.heads())
                    .hasSize(3)
                    .allSatisfy(head -> assertThat(head).contains("X-Forwarded-For: " + good.client + "\r\n"));
            await().untilAsserted(() -> assertThat(proxy.accessRecords()).hasSize(3));
            assertThat(proxy.accessRecords().get(0).client()).isEqualTo(good.client);
            assertThat(proxy.counted(Count.PREAMBLE_ACCEPTED)).isEqualTo(2);
        }
    }

    private static List<Good> bad() {
        return List.of(
                new Good("none", text(GET), ""),
                new Good("lower case", text("proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n"), ""),
                new Good("two spaces", text("PROXY  TCP4 1.1.1.1 2.2.2.2 1 2\r\n"), ""),
                new Good("space at the end", text("PROXY TCP4 1.1.1.1 2.2.2.2 1 2 \r\n"), ""),
                new Good("bare line feed", text("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n"), ""),
                new Good("carriage return within", text("PROXY TCP4 1.1.1.1\r2.2.2.2 1 2\r\n"), ""),
                new Good("missing port", text("PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n"), ""),
                new Good("port too large", text("PROXY TCP4 1.1.1.1 2.2.2.2 65536 2\r\n"), ""),
                new Good("port with zero", text("PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n"), ""),
                new Good("octal address", text("PROXY TCP4 01.1.1.1 2.2.2.2 1 2\r\n"), ""),
                new Good("family does not fit", text("PROXY TCP4 ::1 ::1 1 2\r\n"), ""),
                new Good("zone", text("PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n"), ""),
                new Good("name", text("PROXY TCP4 localhost 2.2.2.2 1 2\r\n"), ""),
                new Good("other protocol", text("PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n"), ""),
                new Good("too long", text("PROXY UNKNOWN " + "x".repeat(100) + "\r\n"), ""),
                new Good("v2 of version 1", v2(0x11, 0x11, IPV4), ""),
                new Good("v2 command", v2(0x22, 0x11, IPV4), ""),
                new Good("v2 datagrams", v2(0x21, 0x12, IPV4), ""),
                new Good("v2 too short", v2(0x21, 0x21, IPV4), ""),
                new Good("v2 cut extension", v2(0x21, 0x11, joined(IPV4, new byte[] {4, 0, 9, 0})), ""),
                new Good("v2 wrong checksum", withChecksum(1), ""),
                new Good("v2 too long", v2(0x21, 0x11, joined(IPV4, new byte[5000])), ""));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void disconnectsWhoSendsNoProperPreamble(Good bad) {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(from(backend.port(), "any"));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThatThrownBy(
                            () -> client.send(joined(bad.preamble, text(GET))).read())
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(proxy.counted(Count.PREAMBLE_MALFORMED)).isEqualTo(1);
            assertThat(backend.heads()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void readsOnlyTheVersionThatIsConfigured(String version) {
        byte[] other =
                version.equals("v1") ? v2(0x21, 0x11, IPV4) : text("PROXY TCP4 203.0.113.9 10.0.0.1 12345 443\r\n");
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(from(backend.port(), version));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThatThrownBy(() -> client.send(joined(other, text(GET))).read())
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(backend.heads()).isEmpty();
        }
    }

    @Test
    void refusesPeersThatAreNotListed() {
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy =
                        TestProxy.start(yaml(backend.port(), "proxyProtocol: any, trustedProxies: [10.0.0.0/8]"));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThatThrownBy(() -> client.send("PROXY TCP4 203.0.113.9 10.0.0.1 12345 443\r\n" + GET)
                            .read())
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(proxy.counted(Count.PREAMBLE_NOT_LISTED)).isEqualTo(1);
        }
    }

    @Test
    void countsConnectionsOfOneClientByTheAddressInThePreamble() {
        String preamble = "PROXY TCP4 203.0.113.%d 10.0.0.1 12345 443\r\n";
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml(
                        backend.port(),
                        "proxyProtocol: v1, trustedProxies: [127.0.0.1/32], limits: {connectionsPerClient: 1}"));
                RawClient first = RawClient.connect(proxy.port());
                RawClient other = RawClient.connect(proxy.port());
                RawClient second = RawClient.connect(proxy.port())) {
            assertThat(first.send(preamble.formatted(1) + GET).read().status()).isEqualTo(200);
            assertThat(other.send(preamble.formatted(2) + GET).read().status()).isEqualTo(200);
            assertThatThrownBy(() -> second.send(preamble.formatted(1) + GET).read())
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(proxy.counted(Count.CONNECTIONS_REFUSED)).isEqualTo(1);
        }
    }

    @Test
    void readsThePreambleInFrontOfTls(@TempDir Path folder) throws IOException {
        TestCertificates certificates = new TestCertificates(folder);
        certificates.issue("shop", "shop.test");
        String tls = "tls: {certificates: [" + certificates.yaml("shop") + "]}, ";
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(
                        yaml(backend.port(), tls + "proxyProtocol: any, trustedProxies: [127.0.0.1/32]"));
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            plain.getOutputStream().write(v2(0x21, 0x11, IPV4));
            try (RawClient client =
                    RawClient.over(TestCertificates.handshake(certificates.context(null), plain, "shop.test"))) {
                client.send("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(backend.heads().get(0))
                    .contains("X-Forwarded-For: 203.0.113.9\r\n")
                    .contains("X-Forwarded-Proto: https\r\n");
        }
    }
}
