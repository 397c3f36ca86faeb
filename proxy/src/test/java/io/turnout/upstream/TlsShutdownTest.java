package io.turnout.upstream;

import io.turnout.testing.LeakCheck;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import io.turnout.testing.TestProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS has memory outside of the heap, which somebody must free whenever the process goes down. */
class TlsShutdownTest {
    private static final int TIMES = 20;
    private static final int CLIENTS = 20;

    @TempDir
    private Path folder;

    /** One member never shakes hands, the other hangs up, so that requests and probes are dialling all the time. */
    @Test
    void freesTheEnginesOfDialsThatAreUnderWay() {
        String ca = "tls: {ca: " + new TestCertificates(folder).ca() + "}";
        try (RawServer silent = RawServer.start(connection -> {
                    while (connection.read() >= 0) {}
                });
                RawServer hangingUp = RawServer.start(connection -> {})) {
            String yaml = TestProxy.split(
                    "only: 1",
                    "only: {endpoints: [127.0.0.1:" + silent.port() + ", 127.0.0.1:" + hangingUp.port() + "], "
                            + "outlier: {consecutiveErrors: never}, healthCheck: {path: /, interval: 10ms}, " + ca
                            + "}");
            for (int i = 0; i < TIMES; i++) {
                closeInTheMiddle(yaml);
            }
        }
        LeakCheck.assertNothingLost("by the end of proxies that were closed while they dialled");
    }

    private static void closeInTheMiddle(String yaml) {
        List<RawClient> clients = new ArrayList<>();
        try (TestProxy proxy = TestProxy.start(yaml)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RawClient.connect(proxy.port()).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
            }
        }
        clients.forEach(RawClient::close);
    }
}
