package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.telemetry.AccessRecord;
import io.turnout.testing.Browser;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A page in a real browser, which prefers HTTP/2 where TLS offers it. */
@Timeout(180)
class BrowserTest {
    private static final String PAGE = "<!doctype html><title>a page</title><p id=\"said\">nothing yet</p>"
            + "<script>Promise.all([1, 2, 3, 4, 5].map(i => fetch('/part/' + i, {method: 'POST', body: 'x'.repeat(50000)})"
            + ".then(answer => answer.text()))).then(texts => said.innerText = texts.join(' '))</script>";

    @TempDir
    private Path folder;

    private static void serve(RawServer.Connection connection) throws java.io.IOException {
        for (String head; !(head = connection.readHead()).isEmpty(); ) {
            String body = "";
            if (head.startsWith("GET / ")) {
                body = PAGE;
            } else if (head.startsWith("POST /part/")) {
                connection.readBody(50_000);
                body = "part" + head.charAt("POST /part/".length());
            }
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
        }
    }

    @Test
    void loadsAPageAndItsPartsOverTlsAndHttp2() {
        TestCertificates certificates = new TestCertificates(folder);
        certificates.issue("shop", "localhost");
        String yaml = "listeners: [{name: web, address: 127.0.0.1:0, tls: {certificates: [" + certificates.yaml("shop")
                + "]}}]\naccessLog: {format: json}\npools: {all: [127.0.0.1:PORT]}\n"
                + "routes: [{name: all, split: {all: 1}}]\n";
        try (Browser browser = Browser.start(folder);
                RawServer backend = RawServer.start(BrowserTest::serve);
                TestProxy proxy = TestProxy.start(yaml.replace("PORT", "" + backend.port()))) {
            browser.believeAnybody();
            browser.open("https://localhost:" + proxy.port() + "/");
            browser.awaitText("#said", "part1 part2 part3 part4 part5");
            assertThat(browser.errors()).isEmpty();
            await().untilAsserted(() -> assertThat(proxy.accessRecords())
                    .hasSizeGreaterThanOrEqualTo(6)
                    .extracting(AccessRecord::protocol)
                    .containsOnly("HTTP/2"));
        }
    }
}
