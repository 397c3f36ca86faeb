package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.SmokeReport;
import io.turnout.control.Command.Preconditions;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.testing.EchoServer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Smoke tests over real sockets, by themselves and before a switch. */
@Timeout(60)
class SmokeTest {
    private static final String READY = "HTTP/1.1 200 OK\r\nX-Version: 2.4\r\nContent-Type: application/json\r\n"
            + "Content-Length: 38\r\n\r\n{\"ready\": true, \"pool\": {\"size\": 2.0}}";
    private static final String TEST = "{name: version, request: {path: /version}, expect: {status: 200, "
            + "header: {x-version: {regex: '2\\..*'}}, json: {/ready: true, /pool/size: 2}}}";

    @TempDir
    Path folder;

    private static RawServer answering(String answer) {
        return RawServer.start(connection -> {
            if (!connection.readHead().isEmpty()) {
                connection.write(answer);
            }
        });
    }

    private static String yaml(String tests) {
        return Yaml.split("{blue: 100, green: 0}\n    smoke: [" + tests + "]");
    }

    private static String yaml(RawServer green, String tests) {
        return yaml(tests).replace("127.0.0.1:9011", "127.0.0.1:" + green.port());
    }

    private static SmokeReport smoke(RunningControl running) {
        SmokeAnswer answer = running.control
                .smoke("shop", null)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        assertThat(answer).isInstanceOf(SmokeAnswer.Ran.class);
        return ((SmokeAnswer.Ran) answer).report();
    }

    private static Command switchTo(Preconditions preconditions) {
        return new Command.SwitchTo("shop", "green", preconditions, ANN);
    }

    @Test
    void anIdlePoolThatAnswersAsExpectedPasses() throws Exception {
        try (RawServer green = answering(READY);
                RunningControl running = RunningControl.start(folder, yaml(green, TEST))) {
            SmokeReport report = smoke(running);
            assertThat(report.pool()).isEqualTo("green");
            assertThat(report.passed()).as("%s", report).isTrue();
            assertThat(green.heads())
                    .singleElement()
                    .satisfies(head -> assertThat(head)
                            .startsWith("GET /version HTTP/1.1")
                            .containsIgnoringCase("host: 127.0.0.1:" + green.port()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{status: 204}|found status 200, expected 204",
                "{header: {x-version: '3'}}|found header x-version: 2.4, expected 3",
                "{header: {x-other: {present: true}}}|found no header x-other, expected any value",
                "{json: {/ready: false}}|found true at /ready, expected false",
                "{json: {/none: 1}}|found nothing at /none, expected 1",
            })
    void whatIsNotAsExpectedIsSaid(String expect, String text) throws Exception {
        try (RawServer green = answering(READY);
                RunningControl running = RunningControl.start(
                        folder, yaml(green, "{name: one, request: {path: /}, expect: " + expect + "}"))) {
            SmokeReport report = smoke(running);
            assertThat(report.passed()).isFalse();
            assertThat(report.cases().get(0).text()).isEqualTo(text);
        }
    }

    @Test
    void anAnswerThatIsTooLateOrCutOrNoHttpFails() throws Exception {
        String late = "{name: one, request: {path: /}, expect: {latency: 1ms}}";
        try (RawServer green = RawServer.start(connection -> {
                    connection.readHead();
                    Thread.onSpinWait();
                    long end = System.nanoTime() + Duration.ofMillis(20).toNanos();
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    connection.write(READY);
                });
                RunningControl running = RunningControl.start(folder, yaml(green, late))) {
            assertThat(smoke(running).cases().get(0).text()).contains("ms, expected 1 ms at most");
        }
        for (String bad : new String[] {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", "SSH-2.0-x\r\n\r\n"}) {
            try (RawServer green = answering(bad);
                    RunningControl running = RunningControl.start(
                            folder.resolve("" + bad.length()), yaml(green, "{name: one, request: {path: /}}"))) {
                assertThat(smoke(running).passed()).as(bad).isFalse();
            }
        }
    }

    @Test
    void aSwitchAsksFirstAndListsEveryCheck() throws Exception {
        try (RawServer green = answering(READY);
                RunningControl running = RunningControl.start(folder, yaml(green, TEST))) {
            Applied done = running.apply(switchTo(Preconditions.CHECKED));
            assertThat(done.notes())
                    .containsExactly(
                            "healthy: passed (1 of 1 endpoints usable)",
                            "capacity: passed (0 requests running, room for 2048)",
                            "smoke: passed (1 of 1 passed)");
            assertThat(green.heads()).hasSize(1);
        }
    }

    @Test
    void aSwitchToAPoolThatFailsItsSmokeTestsIsRefusedUnlessForced() throws Exception {
        try (RawServer green = answering("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
                RunningControl running = RunningControl.start(folder, yaml(green, TEST))) {
            Refused refused = running.refuse(switchTo(Preconditions.CHECKED));
            assertThat(refused.kind()).isEqualTo(Kind.NOT_ALLOWED);
            assertThat(refused.found())
                    .contains(
                            "healthy: passed",
                            "smoke: failed (1 of 1 failed, first version at 127.0.0.1:" + green.port()
                                    + ": found status 500, expected 200)");
            assertThat(running.published("shop")).containsEntry("green", 0);

            Applied forced = running.apply(switchTo(Preconditions.SKIPPED));
            assertThat(forced.notes())
                    .anySatisfy(
                            note -> assertThat(note).startsWith("smoke: failed").endsWith(", forced"));
            assertThat(running.published("shop")).containsEntry("blue", 0);
        }
    }

    @Test
    void aSuiteThatPassedLatelyIsNotRunAgainForASwitch() throws Exception {
        try (RawServer green = answering(READY);
                RunningControl running = RunningControl.start(folder, yaml(green, TEST))) {
            assertThat(smoke(running).passed()).isTrue();
            running.apply(switchTo(Preconditions.CHECKED));
            assertThat(green.heads()).hasSize(1);
            running.apply(new Command.SwitchTo("shop", "blue", Preconditions.SKIPPED, ANN));
            running.time.pass(SmokeDesk.RECENT.plusSeconds(1));
            running.apply(switchTo(Preconditions.CHECKED));
            assertThat(green.heads()).hasSize(2);
        }
    }

    private static String speaking(EchoServer green, String way) {
        return yaml("{name: hello, request: {path: /}, expect: {status: 200}}")
                .replace(
                        "green: {endpoints: [127.0.0.1:9011]}",
                        "green: {endpoints: [127.0.0.1:" + green.port() + "], " + way + "}");
    }

    @ParameterizedTest
    @CsvSource({"HTTP1, false", "HTTP1, true", "H2, false", "H2, true"})
    void aPoolIsAskedInTheWayThatItIsSpokenWith(EchoServer.Spoken spoken, boolean secure) throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        SSLContext shown = secure ? certificates.context(certificates.issueForAddress("green", "127.0.0.1")) : null;
        String way = "protocol: " + (spoken == EchoServer.Spoken.H2 ? "h2" : "http1")
                + (secure ? ", tls: {ca: " + certificates.ca() + "}" : "");
        try (EchoServer green = new EchoServer(spoken, shown);
                RunningControl running = RunningControl.start(folder, speaking(green, way))) {
            SmokeReport report = smoke(running);
            assertThat(report.passed()).as("%s", report).isTrue();
            assertThat(green.requests()).isEqualTo(1);
            running.apply(switchTo(Preconditions.CHECKED));
        }
    }

    @Test
    void aPoolWithACertificateThatIsNotTrustedFailsAndHearsNothing() throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        SSLContext shown = certificates.context(certificates.issue("green", "other.test"));
        String tls = "tls: {ca: " + certificates.ca() + "}";
        try (EchoServer green = new EchoServer(EchoServer.Spoken.HTTP1, shown);
                RunningControl running = RunningControl.start(folder, speaking(green, tls))) {
            assertThat(smoke(running).cases().get(0).text()).startsWith("no TLS: ");
            assertThat(green.requests()).isZero();
            assertThat(running.refuse(switchTo(Preconditions.CHECKED)).found()).contains("smoke: failed");
        }
    }

    @Test
    void aPoolThatIsToldOfClientsIsToldOfNone() throws Exception {
        try (RawServer green = answering(READY);
                RunningControl running = RunningControl.start(
                        folder,
                        yaml(TEST)
                                .replace(
                                        "green: {endpoints: [127.0.0.1:9011]}",
                                        "green: {endpoints: [127.0.0.1:" + green.port() + "], proxyProtocol: v1}"))) {
            assertThat(smoke(running).passed()).isTrue();
            assertThat(green.heads())
                    .singleElement()
                    .satisfies(head -> assertThat(head).startsWith("PROXY UNKNOWN\r\nGET /version "));
        }
    }

    @Test
    void aSuiteThatHangsHoldsUpNothingElse() throws Exception {
        try (RawServer green = RawServer.start(connection -> {
                    connection.readHead();
                    connection.read();
                });
                RunningControl running = RunningControl.start(folder, yaml(green, TEST))) {
            var switching = running.control.submit(switchTo(Preconditions.CHECKED));
            running.weights("blog", java.util.Map.of("blue", 2, "red", 1));
            assertThat(switching).isNotDone();
        }
    }

    @Test
    void aRouteWithoutTestsAndAPoolThatIsNotThereAreRefused() throws Exception {
        try (RawServer green = answering(READY);
                RunningControl running = RunningControl.start(folder, yaml(green, TEST))) {
            assertThat(running.control.smoke("blog", null).join()).isInstanceOf(SmokeAnswer.NotRun.class);
            assertThat(running.control.smoke("shop", "red").join()).isInstanceOf(SmokeAnswer.NotRun.class);
            assertThat(running.control.smoke("nothing", null).join()).isInstanceOf(SmokeAnswer.NotRun.class);
        }
    }
}
