package io.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.turnout.testing.TestCertificates;
import io.turnout.tls.TlsSession.Opening;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a ticket is good for, with a clock of the test's own. */
class TicketKeysTest {
    @TempDir
    private Path folder;

    private TestCertificates certificates;
    private long nanos;

    @BeforeEach
    void issue() {
        certificates = new TestCertificates(folder);
        certificates.issue("shop", "shop.test");
    }

    private ServerTls loaded(boolean withClientCa) throws TlsFileException {
        CertificateSpec shown = new CertificateSpec(
                folder.resolve("shop.pem").toString(),
                folder.resolve("shop.key").toString(),
                null);
        ServerTls tls = new ServerTls(
                new ServerTlsSpec(
                        "listener web",
                        List.of(shown),
                        withClientCa ? folder.resolve("clients.pem").toString() : null,
                        withClientCa
                                ? ServerTlsSpec.ClientAuthentication.OPTIONAL
                                : ServerTlsSpec.ClientAuthentication.NONE,
                        OldestVersion.TLS_1_2,
                        List.of(Alpn.HTTP_1_1)),
                TlsProvider.best());
        tls.load(Instant.now(), nanos);
        return tls;
    }

    /** How a client's next session with us comes about; it keeps what it is given for the one after. */
    private static Opening connect(ServerTls tls, SSLContext client, String version) {
        ServerCertificate shown = Objects.requireNonNull(tls.current()).all().get(0);
        SSLEngine engine = client.createSSLEngine("shop.test", 443);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        SslHandler ours = shown.newHandler(UnpooledByteBufAllocator.DEFAULT);
        EmbeddedChannel server = new EmbeddedChannel(ours);
        EmbeddedChannel theirs = new EmbeddedChannel(new SslHandler(engine));
        try {
            carryAll(server, theirs);
            assertThat(ours.handshakeFuture().isSuccess()).isTrue();
            Opening opening = TlsSession.of(ours, "shop.test", shown).opening();
            // A client forgets a session that was cut.
            server.close();
            while (carry(server, theirs)) {
                // to its close_notify
            }
            return opening;
        } finally {
            server.finishAndReleaseAll();
            theirs.finishAndReleaseAll();
        }
    }

    private static void carryAll(EmbeddedChannel one, EmbeddedChannel other) {
        while (carry(one, other) || carry(other, one)) {
            // until neither has anything more to say
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        Object message = from.readOutbound();
        if (message != null) {
            to.writeInbound(message);
        }
        return message != null;
    }

    private void turn(ServerTls tls, int times) {
        for (int i = 0; i < times; i++) {
            nanos += TicketKeys.TURN_NANOS;
            tls.onTick(nanos);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, 0, RESUMED", "TLSv1.2, 1, RESUMED", "TLSv1.2, 2, RESUMED", "TLSv1.2, 3, FULL",
        "TLSv1.3, 0, RESUMED", "TLSv1.3, 1, RESUMED", "TLSv1.3, 2, RESUMED", "TLSv1.3, 3, FULL",
    })
    void opensTicketsOfTheTwoKeysBeforeTheNewest(String version, int turns, Opening opening) throws TlsFileException {
        ServerTls tls = loaded(false);
        SSLContext client = certificates.context(null);
        assertThat(connect(tls, client, version)).isEqualTo(Opening.FULL);
        turn(tls, turns);
        assertThat(connect(tls, client, version)).isEqualTo(opening);
    }

    @Test
    void turnsKeysOnlyWhenTheirTimeHasCome() throws TlsFileException {
        ServerTls tls = loaded(false);
        SSLContext client = certificates.context(null);
        connect(tls, client, "TLSv1.3");
        for (int i = 1; i < 10; i++) {
            tls.onTick(nanos + TicketKeys.TURN_NANOS - i);
        }
        assertThat(connect(tls, client, "TLSv1.3")).isEqualTo(Opening.RESUMED);
    }

    /** A renewed certificate is no reason for every client to shake hands in full at the same moment. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void resumesSessionsOverANewCertificate(String version) throws TlsFileException {
        ServerTls tls = loaded(false);
        SSLContext client = certificates.context(null);
        connect(tls, client, version);
        certificates.issue("shop", "shop.test");
        tls.load(Instant.now(), nanos);
        assertThat(connect(tls, client, version)).isEqualTo(Opening.RESUMED);
    }

    /** What a ticket says of a client was verified by authorities that may not be believed any more. */
    @Test
    void forgetsSessionsWhenTheAuthoritiesOfClientsChange() throws Exception {
        certificates.write("clients.pem", java.nio.file.Files.readString(certificates.ca()));
        ServerTls tls = loaded(true);
        SSLContext client = certificates.context(null);
        connect(tls, client, "TLSv1.3");
        tls.load(Instant.now(), nanos);
        assertThat(connect(tls, client, "TLSv1.3")).isEqualTo(Opening.RESUMED);
        Path elsewhere = java.nio.file.Files.createDirectory(folder.resolve("elsewhere"));
        certificates.write("clients.pem", java.nio.file.Files.readString(new TestCertificates(elsewhere).ca()));
        tls.load(Instant.now(), nanos);
        assertThat(connect(tls, client, "TLSv1.3")).isEqualTo(Opening.FULL);
    }
}
