package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.Fault;
import io.turnout.testing.Fault.Allowed;
import io.turnout.testing.Fault.Pace;
import io.turnout.testing.FaultServer;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every fault of a backend, whole and octet by octet (RFC 9112 section 8, RFC 9110 section 15.6): never a hang, never a
 * broken answer that looks whole, never a POST delivered twice.
 */
class BackendFaultsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";

    @TestFactory
    Stream<DynamicTest> neverLookRightWhenTheyAreNot() {
        return Fault.all().stream()
                .flatMap(fault -> Stream.of(Pace.values())
                        .flatMap(pace -> Stream.of(GET, POST)
                                .map(request -> DynamicTest.dynamicTest(
                                        fault.name() + ", " + pace + ", " + request.substring(0, 4),
                                        () -> meets(fault, pace, request)))));
    }

    private static void meets(Fault fault, Pace pace, String request) {
        try (FaultServer backend = FaultServer.start(() -> fault, pace);
                TestProxy proxy = TestProxy.start(TestProxy.split(
                        "only: 1",
                        "only: {endpoints: [127.0.0.1:" + backend.port()
                                + "], timeouts: {response: 300ms, idle: 300ms}}"));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(outcome(client.send(request), fault)).isIn(fault.allowed(), Allowed.ANY_HONEST);
            if (request.equals(POST)) {
                assertThat(backend.delivered()).isLessThanOrEqualTo(1);
            }
            Awaitility.await().until(() -> proxy.counted(Count.EXCHANGES_ACTIVE) == 0);
        }
    }

    private static Allowed outcome(RawClient client, Fault fault) {
        Answer answer;
        try {
            do {
                answer = client.read();
            } while (answer.status() < 200);
        } catch (UncheckedIOException e) {
            // A reset that overtakes the answer: nothing looks whole.
            assertThat(fault.allowed()).isIn(Allowed.CUT, Allowed.ANY_HONEST);
            return Allowed.ANY_HONEST;
        }
        if (answer.status() >= 502) {
            assertThat(answer.field("proxy-status")).startsWith("turnout; error=");
            return fault.allowed() == Allowed.ANY_HONEST ? Allowed.ANY_HONEST : Allowed.GATEWAY_ERROR;
        }
        assertThat(answer.status()).isEqualTo(200);
        if (!answer.whole()) {
            assertThat(client.isClosed()).isTrue();
            return fault.allowed() == Allowed.ANY_HONEST ? Allowed.ANY_HONEST : Allowed.CUT;
        }
        assertThat(answer.text()).isEqualTo(Fault.BODY);
        return Allowed.WHOLE;
    }
}
