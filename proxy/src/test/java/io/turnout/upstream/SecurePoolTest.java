package io.turnout.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.turnout.telemetry.health.HealthState;
import io.turnout.telemetry.health.HealthState.Probed;
import io.turnout.testing.Nginx;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import io.turnout.tls.ClientTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Requests and probes over TLS to a real server that speaks HTTP/1.1 and HTTP/2. */
class SecurePoolTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            log.add(event.getFormattedMessage());
        }
    };

    @TempDir
    private Path folder;

    private TestCertificates certificates;

    @BeforeEach
    void issue() {
        certificates = new TestCertificates(folder);
        appender.start();
        dial().addAppender(appender);
    }

    @AfterEach
    void letTheLogBe() {
        dial().detachAppender(appender);
    }

    private static Logger dial() {
        return (Logger) LoggerFactory.getLogger(EndpointDial.class);
    }

    private String yaml(Nginx backend, String protocol, Path authority) {
        return "listeners: [{name: web, address: 127.0.0.1:0}]\naccessLog: {format: json}\npools:\n  only:\n"
                + "    endpoints: [127.0.0.1:" + backend.port() + "]\n    protocol: " + protocol + "\n"
                + "    tls: {ca: " + authority + ", serverName: shop.internal}\n"
                + "    healthCheck: {path: /, interval: 100ms, timeout: 5s, unhealthyAfter: 2}\n"
                + "routes: [{name: all, split: {only: 1}}]\n";
    }

    private static HealthState state(TestProxy proxy) {
        return proxy.pool("only").endpoints().get(0).health().state();
    }

    private static ClientTls.Counts counts(TestProxy proxy) {
        return Objects.requireNonNull(proxy.tls().conditions().get(0).handshakes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "h2"})
    void servesAndProbesARealServer(String protocol) {
        certificates.issue("server", "shop.internal");
        try (Nginx backend = Nginx.sayingSecurely("hello", folder, "server");
                TestProxy proxy = TestProxy.start(yaml(backend, protocol, certificates.ca()));
                RawClient client = RawClient.connect(proxy.port())) {
            await().atMost(PATIENCE).until(() -> state(proxy).probed() == Probed.UP);
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/").text()).isEqualTo("hello");
            }
            assertThat(counts(proxy).certificateFailures() + counts(proxy).otherFailures())
                    .isZero();
        }
    }

    /** Nothing but the certificate is wrong, and a probe is as careful as a request. */
    @ParameterizedTest
    @CsvSource({
        "http1, name", "http1, expired", "http1, authority",
        "h2, name", "h2, expired", "h2, authority",
    })
    void neitherServesNorProbesAServerThatIsNotTheOneThatWasMeant(String protocol, String wrong) throws Exception {
        Instant end = Instant.now().plus(Duration.ofDays(wrong.equals("expired") ? -1 : 1));
        certificates.issue("server", end, wrong.equals("name") ? "other.internal" : "shop.internal");
        Path authority = wrong.equals("authority")
                ? new TestCertificates(Files.createDirectory(folder.resolve("elsewhere"))).ca()
                : certificates.ca();
        try (Nginx backend = Nginx.sayingSecurely("hello", folder, "server");
                TestProxy proxy = TestProxy.start(yaml(backend, protocol, authority));
                RawClient client = RawClient.connect(proxy.port())) {
            Answer answer = client.get("/");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.field("proxy-status")).isEqualTo("turnout; error=tls_certificate_error");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(proxy.accessRecords().get(0).flag()).isEqualTo("tls_certificate_error");
                assertThat(state(proxy).probed()).isEqualTo(Probed.DOWN);
                assertThat(state(proxy).reason()).contains("tls_certificate_error");
                assertThat(log)
                        .anyMatch(line -> line.startsWith("pool only: no TLS with 127.0.0.1:" + backend.port()
                                + ": its certificate is refused: "));
            });
            assertThat(counts(proxy).certificateFailures()).isPositive();
            assertThat(counts(proxy).full() + counts(proxy).resumed()).isZero();
        }
    }
}
