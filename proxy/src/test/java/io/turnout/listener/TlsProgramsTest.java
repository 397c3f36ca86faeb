package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.Programs;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the programs that people use make of our TLS. */
class TlsProgramsTest {
    @TempDir
    private Path folder;

    private TestCertificates certificates;
    private String yaml = "";

    @BeforeEach
    void issue() {
        certificates = new TestCertificates(folder);
        certificates.issue("shop", "shop.test");
        yaml = "listeners: [{name: web, address: 127.0.0.1:0, tls: {certificates: [" + certificates.yaml("shop")
                + "]}}]\npools: {all: [127.0.0.1:PORT]}\nroutes: [{name: all, split: {all: 1}}]\n";
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    @Test
    void curlFetchesOverEitherVersion() throws Exception {
        String curl = Programs.require("curl");
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml.replace("PORT", "" + backend.port()))) {
            for (String version : List.of("--tlsv1.3", "--tls-max 1.2")) {
                List<String> command = new java.util.ArrayList<>(List.of(curl, "-sS", "--cacert"));
                command.add(certificates.ca().toString());
                command.addAll(List.of(version.split(" ")));
                command.addAll(
                        List.of("--connect-to", "shop.test:443:127.0.0.1:" + proxy.port(), "https://shop.test/"));
                assertThat(run(command)).isEqualTo("hello");
            }
        }
    }

    @Test
    void opensslSeesTheChainTheVersionAndResumedSessions() throws Exception {
        String openssl = Programs.require("openssl");
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml.replace("PORT", "" + backend.port()))) {
            String connect = "127.0.0.1:" + proxy.port();
            List<String> base = List.of(
                    openssl,
                    "s_client",
                    "-connect",
                    connect,
                    "-servername",
                    "shop.test",
                    "-verify_hostname",
                    "shop.test",
                    "-CAfile",
                    certificates.ca().toString());
            List<String> reconnecting = new java.util.ArrayList<>(base);
            reconnecting.addAll(List.of("-tls1_2", "-reconnect"));
            assertThat(run(reconnecting)).contains("Verify return code: 0 (ok)").contains("Reused, TLSv1.2");
            List<String> old = new java.util.ArrayList<>(base);
            old.addAll(List.of("-tls1_1"));
            assertThat(run(old)).doesNotContain("New, TLSv1.1");
            List<String> alpn = new java.util.ArrayList<>(base);
            alpn.addAll(List.of("-alpn", "http/1.1"));
            assertThat(run(alpn)).contains("ALPN protocol: http/1.1");
        }
    }

    @Test
    void opensslSeesTheStapledAnswer() throws Exception {
        String openssl = Programs.require("openssl");
        // Whether the answer is a good one is for the client to judge; that it is passed on as it is, is ours.
        certificates.write("shop.ocsp", "not an answer, but octets");
        try (RawServer backend = RawServer.saying("hello");
                TestProxy proxy = TestProxy.start(yaml.replace("PORT", "" + backend.port())
                        .replace("shop.key}", "shop.key, ocspResponse: " + folder.resolve("shop.ocsp") + "}"))) {
            String seen = run(List.of(
                    openssl,
                    "s_client",
                    "-connect",
                    "127.0.0.1:" + proxy.port(),
                    "-servername",
                    "shop.test",
                    "-status"));
            assertThat(seen).contains("OCSP response").doesNotContain("no response sent");
        }
    }
}
