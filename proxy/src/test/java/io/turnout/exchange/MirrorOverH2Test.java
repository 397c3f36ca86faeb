package io.turnout.exchange;

import static io.turnout.exchange.MirrorTest.awaitAllOver;
import static io.turnout.exchange.MirrorTest.meter;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.Outcome;
import io.turnout.model.UpstreamFailure;
import io.turnout.telemetry.MirrorMeter.Count;
import io.turnout.testing.EchoServer;
import io.turnout.testing.EchoServer.Spoken;
import io.turnout.testing.H2Client;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Originals that come over HTTP/2, and shadows of HTTP/2 or TLS that do wrong: nobody but the copy notices. That copies to
 * shadows of all kinds are whole is held by {@link ProtocolMatrixTest}.
 */
class MirrorOverH2Test {
    private static final int REQUESTS = 8;
    private static final String PIECE = "0123456789abcdef".repeat(900);
    private static final int PIECES = 4;

    @TempDir
    private Path folder;

    /** What a shadow may do to a connection. */
    enum Misbehaviour {
        /** Takes what its windows allow, and neither opens them nor answers. */
        NEVER_OPENS_A_WINDOW {
            @Override
            void serve(H2Client peer) {
                H2Client.Frame frame = peer.next();
                while (frame != null) {
                    frame = peer.next();
                }
            }
        },
        RESETS_EVERY_STREAM {
            @Override
            void serve(H2Client peer) {
                for (H2Client.Frame frame; (frame = peer.next()) != null; ) {
                    if (frame.type() == H2Client.HEADERS) {
                        peer.frame(H2Client.RST_STREAM, 0, frame.stream(), H2Client.INTERNAL_ERROR);
                    }
                }
            }
        },
        GOES_AWAY {
            @Override
            void serve(H2Client peer) {
                peer.awaitRequest();
                peer.frame(H2Client.GOAWAY, 0, 0, new byte[8]);
            }
        },
        SPEAKS_NONSENSE {
            @Override
            void serve(H2Client peer) {
                peer.awaitRequest();
                peer.data(2, 0, "nobody opened this stream");
                peer.next();
            }
        };

        abstract void serve(H2Client peer);
    }

    private static String yaml(int primary, String shadow) {
        return "listeners: [{name: web, address: 127.0.0.1:0}]\n"
                + "pools: {main: [127.0.0.1:" + primary + "], shadow: " + shadow + "}\n"
                + "routes:\n  - name: all\n    split: {main: 1}\n"
                + "    mirror: {pool: shadow, unsafeMethods: true, timeout: 700ms}\n";
    }

    /** Requests over HTTP/2, each answered with its own content. */
    private static void assertServed(TestProxy proxy) {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.frame(H2Client.WINDOW_UPDATE, 0, 0, 1 << 24);
            for (int i = 0; i < REQUESTS; i++) {
                int stream = 2 * i + 1;
                client.headers(stream, 0, H2Client.request("POST", "/" + i));
                for (int piece = 1; piece <= PIECES; piece++) {
                    client.data(stream, piece == PIECES ? H2Client.END_STREAM : 0, PIECE);
                }
                H2Client.Answer answer = client.answer(stream);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo(PIECE.repeat(PIECES));
            }
        }
    }

    private static void assertOnlyCopiesWereLost(TestProxy proxy) {
        awaitAllOver(meter(proxy));
        assertThat(meter(proxy).read(Count.CHOSEN)).isEqualTo(REQUESTS);
        assertThat(meter(proxy).read(Count.COMPLETED)).isZero();
        assertThat(proxy.totals("all", "main").finished(Outcome.SUCCESS)).isEqualTo(REQUESTS);
        assertThat(proxy.totals("all", "main").charged()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theOriginalDoesNotNoticeWhatAShadowOfHttp2DoesWrong(Misbehaviour misbehaviour) {
        try (EchoServer main = new EchoServer(Spoken.HTTP1, null);
                RawServer shadow =
                        RawServer.start(connection -> misbehaviour.serve(H2Client.serving(connection.socket())));
                TestProxy proxy = TestProxy.start(
                        yaml(main.port(), "{endpoints: [127.0.0.1:" + shadow.port() + "], protocol: h2}"))) {
            assertServed(proxy);
            assertOnlyCopiesWereLost(proxy);
        }
    }

    @Test
    void aShadowWithACertificateNobodyTrustsGetsNothing() throws Exception {
        var theirs = new TestCertificates(Files.createDirectory(folder.resolve("theirs")));
        var ours = new TestCertificates(Files.createDirectory(folder.resolve("ours")));
        try (EchoServer main = new EchoServer(Spoken.HTTP1, null);
                EchoServer shadow = new EchoServer(Spoken.H2, theirs.context(theirs.issue("shadow", "shadow.test")));
                TestProxy proxy = TestProxy.start(yaml(
                        main.port(),
                        "{endpoints: [127.0.0.1:" + shadow.port() + "], protocol: h2, tls: {ca: " + ours.ca()
                                + ", serverName: shadow.test}}"))) {
            assertServed(proxy);
            assertOnlyCopiesWereLost(proxy);
            assertThat(meter(proxy).failed(UpstreamFailure.TLS_CERTIFICATE)).isPositive();
            assertThat(shadow.requests()).isZero();
        }
    }
}
