package io.turnout.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.turnout.telemetry.health.HealthState;
import io.turnout.telemetry.health.HealthState.Probed;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes by gRPC's health service, against the one of grpc-java and against servers that misbehave. */
class GrpcHealthTest {
    private static final String SERVICE = "shop.v1.Cart";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private static String yaml(int port, String check, String more) {
        return TestProxy.split(
                "only: 1",
                "only: {protocol: h2, endpoints: [127.0.0.1:" + port + "], healthCheck: {grpc: " + check
                        + ", interval: 50ms, timeout: 5s, healthyAfter: 1, unhealthyAfter: 1}" + more + "}");
    }

    private static HealthState state(TestProxy proxy) {
        return proxy.pool("only").endpoints().get(0).health().state();
    }

    private static void awaitProbed(TestProxy proxy, Probed probed, String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(state(proxy).probed()).isEqualTo(probed);
            assertThat(state(proxy).reason()).contains(reason);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "tls"})
    void followsWhatTheHealthServiceSays(String wire) throws IOException {
        TestCertificates certificates = new TestCertificates(folder);
        certificates.issueForAddress("server", "127.0.0.1");
        HealthStatusManager health = new HealthStatusManager();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(health.getHealthService());
        boolean secure = wire.equals("tls");
        if (secure) {
            builder.useTransportSecurity(
                    folder.resolve("server.pem").toFile(),
                    folder.resolve("server.key").toFile());
        }
        Server server = builder.build().start();
        String tls = secure ? ", tls: {ca: " + certificates.ca() + "}" : "";
        String asked = "{service: " + SERVICE + "}";
        try (TestProxy proxy = TestProxy.start(yaml(server.getPort(), asked, tls))) {
            awaitProbed(proxy, Probed.DOWN, "with grpc-status 5");
            health.setStatus(SERVICE, ServingStatus.SERVING);
            awaitProbed(proxy, Probed.UP, "");
            health.setStatus(SERVICE, ServingStatus.NOT_SERVING);
            awaitProbed(proxy, Probed.DOWN, "with NOT_SERVING");
            // The server as a whole is well all the while.
            proxy.reload(yaml(server.getPort(), "{}", tls));
            awaitProbed(proxy, Probed.UP, "");
            health.enterTerminalState();
            awaitProbed(proxy, Probed.DOWN, "with NOT_SERVING");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void takesAServerWithoutHealthServiceForDown() throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build()
                .start();
        try (TestProxy proxy = TestProxy.start(yaml(server.getPort(), "{}", ""))) {
            awaitProbed(proxy, Probed.DOWN, "with grpc-status 12");
        } finally {
            server.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 |              | 0800       | an answer without grpc-status",
                "200 | 0            | 0000000000 | UNKNOWN",
                "200 | 0            | -          | no message",
                "200 | 0            | 000000000208 | a message that is not valid",
                "200 | 0            | 01000000020801 | a message that is not valid",
                "503 | 0            | -          | status 503",
                "200 | 14           | 00000000020801 | grpc-status 14",
            })
    void saysWhatIsWrongWithAnAnswer(String status, String grpcStatus, String content, String reason) {
        RawServer.Script script = connection -> {
            H2Client peer = H2Client.serving(connection.socket());
            int stream = peer.awaitRequest();
            peer.headers(stream, 0, ":status", status, "content-type", "application/grpc");
            byte[] octets =
                    content.equals("-") ? new byte[0] : java.util.HexFormat.of().parseHex(content);
            peer.data(stream, grpcStatus == null ? H2Client.END_STREAM : 0, octets);
            if (grpcStatus != null) {
                peer.headers(stream, H2Client.END_STREAM, "grpc-status", grpcStatus);
            }
            while (peer.next() != null) {
                // until the probe leaves
            }
        };
        try (RawServer server = RawServer.start(script);
                TestProxy proxy = TestProxy.start(yaml(server.port(), "{}", ""))) {
            awaitProbed(proxy, Probed.DOWN, "with " + reason);
        }
    }

    @Test
    void writesTheRequestThatTheLibraryReads() throws IOException {
        for (String service : new String[] {"", SERVICE, "s".repeat(200)}) {
            byte[] framed = GrpcHealth.request(service);
            ByteBuffer in = ByteBuffer.wrap(framed);
            assertThat(in.get()).isZero();
            assertThat(in.getInt()).isEqualTo(in.remaining());
            byte[] message = java.util.Arrays.copyOfRange(framed, 5, framed.length);
            assertThat(HealthCheckRequest.parseFrom(message).getService()).isEqualTo(service);
        }
    }

    @Test
    void readsEveryAnswerThatTheLibraryWrites() {
        for (ServingStatus status : ServingStatus.values()) {
            if (status != ServingStatus.UNRECOGNIZED) {
                byte[] message = HealthCheckResponse.newBuilder()
                        .setStatus(status)
                        .build()
                        .toByteArray();
                assertThat(GrpcHealth.servingStatus(framed(message))).isEqualTo(status.name());
            }
        }
        assertThat(GrpcHealth.servingStatus(framed(new byte[] {8, 77}))).isEqualTo("serving status 77");
    }

    /** Fields of later versions are passed over, wherever they stand; what is cut or endless is refused. */
    @ParameterizedTest
    @CsvSource({
        "0801, SERVING",
        "1005 0801, SERVING",
        "0801 1a03616263, SERVING",
        "110102030405060708 0801 1d01020304, SERVING",
        "0802 0801, SERVING",
        "1a05616263, a message that is not valid",
        "1d010203, a message that is not valid",
        "08ffffffffffffffffffff01, a message that is not valid",
        "0b0c, a message that is not valid",
        "0001, a message that is not valid",
        "1aff, a message that is not valid",
        "1a8080808008, a message that is not valid",
    })
    void passesOverUnknownFieldsAndRefusesWhatIsCut(String hex, String said) {
        byte[] message = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(GrpcHealth.servingStatus(framed(message))).isEqualTo(said);
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }
}
