package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.cli.TurnoutCommand;
import io.turnout.testing.Patience;
import io.turnout.testing.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The admin listener under TLS, asked by real clients. */
@Timeout(60)
class AdminTlsTest {
    @TempDir
    private Path folder;

    private TestCertificates certificates;
    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        // Apart from the authority of the configuration's own listener, whose file has the same name.
        certificates = new TestCertificates(Files.createDirectory(folder.resolve("authority")));
        certificates.issueForAddress("admin", "127.0.0.1");
        admin = RunningAdmin.in(folder, "admin: {tls: {certificates: [" + certificates.yaml("admin") + "]}}\n");
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(certificates.context(null)).build();
        URI uri = URI.create("https://127.0.0.1:" + admin.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private SSLSocket socket() throws IOException {
        SSLSocket socket = (SSLSocket) certificates
                .context(null)
                .getSocketFactory()
                .createSocket("127.0.0.1", admin.address().getPort());
        socket.setSoTimeout(Patience.LIMIT_MILLIS);
        return socket;
    }

    @Test
    void answersUnderTlsInHttp11() throws Exception {
        HttpResponse<String> response = get("/api/v1/status");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void doesNotAnswerInPlainText() throws Exception {
        assertThatThrownBy(() -> {
                    String answer = RawClient.exchange(
                            admin.address(), "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    assertThat(answer).doesNotContain("HTTP/1.1");
                    throw new IOException("closed");
                })
                .isInstanceOf(IOException.class);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void streamsEventsUnderTls() throws Exception {
        try (SSLSocket socket = socket()) {
            socket.getOutputStream()
                    .write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var text = new StringBuilder();
            while (text.indexOf("event: live") < 0) {
                text.append((char) socket.getInputStream().read());
            }
            assertThat(text).contains("event: snapshot");
        }
    }

    @Test
    void tellsTheClientOfItsLastAnswersEnd() throws Exception {
        try (SSLSocket socket = socket()) {
            socket.getOutputStream()
                    .write("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            // Without a close_notify this would throw: the answer might have been cut.
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("alive\n");
        }
    }

    @Test
    void showsANewCertificateToTheNextConnection() throws Exception {
        BigInteger old = serial();
        certificates.issueForAddress("admin", "127.0.0.1");
        admin.control().tls().look();

        assertThat(serial()).isNotEqualTo(old);
    }

    private BigInteger serial() throws IOException {
        try (SSLSocket socket = socket()) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    @Test
    void theCommandLineTrustsTheAuthoritiesItIsTold() {
        String url = "https://127.0.0.1:" + admin.address().getPort();

        assertThat(typed(
                        "status", "--admin", url, "--ca-file", certificates.ca().toString()))
                .isEqualTo("0 ");
        assertThat(typed(
                        "status",
                        "--admin",
                        url,
                        "--ca-file",
                        folder.resolve("ca.pem").toString()))
                .startsWith("4 cannot reach");
        assertThat(typed("status", "--admin", url)).startsWith("4 cannot reach");
        assertThat(typed("status", "--admin", url, "--ca-file", admin.file.toString()))
                .startsWith("2 --ca-file");
    }

    @Test
    void theCommandLineFindsTheRightOneOfTwoAuthoritiesOfTheSameName() throws Exception {
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(folder.resolve("ca.pem")) + Files.readString(certificates.ca()));
        String url = "https://127.0.0.1:" + admin.address().getPort();

        assertThat(typed("status", "--admin", url, "--ca-file", both.toString()))
                .isEqualTo("0 ");
    }

    /** The exit code and what was said on the error stream. */
    private static String typed(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = TurnoutCommand.commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments) + " " + err;
    }
}
