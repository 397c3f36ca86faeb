package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.testing.RawClient;
import io.turnout.testing.RawClient.Answer;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Some hundreds of requests and answers that ask how strict Turnout is, from {@code wire/requests.txt} and {@code
 * wire/answers.txt}: what has two readings is refused or cut, and what is only odd is served.
 */
class WireTableTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    /** Requests of which the backend has got all. */
    private static final AtomicInteger WHOLE = new AtomicInteger();

    private static RawServer reader;
    private static TestProxy proxy;

    @BeforeAll
    static void start() {
        reader = RawServer.start(connection -> {
            for (String head; !(head = connection.readHead()).isEmpty(); ) {
                if (!readBody(connection, head)) {
                    return;
                }
                WHOLE.incrementAndGet();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        proxy = TestProxy.start(TestProxy.to(reader.port()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        reader.close();
    }

    private static boolean readBody(RawServer.Connection connection, String head) throws IOException {
        if (head.contains("\r\nTransfer-Encoding: chunked\r\n")) {
            String lastChunk = connection.readUntil("0\r\n");
            return lastChunk.endsWith("0\r\n") && connection.readUntil("\r\n").endsWith("\r\n");
        }
        int at = head.indexOf("\r\nContent-Length: ");
        if (at < 0) {
            return true;
        }
        int length = Integer.parseInt(head.substring(at + 18, head.indexOf("\r\n", at + 18)));
        return connection.readBody(length).length == length;
    }

    static Stream<Case> requests() {
        return cases("requests.txt");
    }

    static Stream<Case> answers() {
        return cases("answers.txt");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void answersARequestAsTheTableSays(Case asked) {
        int before = WHOLE.get();
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send(asked.octets() + NEXT);
            assertAnswered(asked, client);
        }
        assertThat(WHOLE.get() - before).isEqualTo(asked.served());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void answersADrippingRequestInTheSameWay(Case asked) {
        try (RawClient client = RawClient.connect(proxy.port())) {
            try {
                client.drip(asked.octets() + NEXT);
            } catch (UncheckedIOException e) {
                // The answer may be there, and the connection gone, before all is sent.
            }
            assertAnswered(asked, client);
        }
    }

    private static void assertAnswered(Case asked, RawClient client) {
        for (String status : asked.expected().split(" ")) {
            assertThat(client.read().status()).isEqualTo(Integer.parseInt(status));
        }
        if (asked.isRefused()) {
            assertThat(client.isClosed())
                    .as("a refusal is the last thing on its connection")
                    .isTrue();
        } else {
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void makesOfAnAnswerWhatTheTableSays(Case said) {
        try (RawServer backend = saying(said.octets());
                TestProxy before = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(before.port())) {
            Answer answer = finalAnswer(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
            String found = answer.whole() ? (answer.status() + " " + answer.text()).strip() : "cut";
            assertThat(answer.status() == 502 ? "502" : found).isEqualTo(said.expected());
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void neverLetsAnOldClientTakeACutAnswerForAWholeOne(Case said) {
        try (RawServer backend = saying(said.octets());
                TestProxy before = TestProxy.start(TestProxy.to(backend.port()));
                RawClient client = RawClient.connect(before.port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            if (said.expected().equals("cut")) {
                // Without chunks it takes a length, or a reset, to see that something is missing.
                assertThatThrownBy(() -> assertThat(client.read().whole()).isTrue());
            } else {
                Answer answer = client.read();
                assertThat(answer.status() == 502 ? "502" : (answer.status() + " " + answer.text()).strip())
                        .isEqualTo(said.expected());
            }
        }
    }

    private static RawServer saying(String octets) {
        return RawServer.start(connection -> {
            connection.readHead();
            connection.write(octets);
        });
    }

    private static Answer finalAnswer(RawClient client) {
        Answer answer = client.read();
        while (answer.status() < 200) {
            answer = client.read();
        }
        return answer;
    }

    private static Stream<Case> cases(String table) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(WireTableTest.class.getResourceAsStream("/wire/" + table)),
                StandardCharsets.UTF_8))) {
            return lines
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Case::of)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A line of a table.
     *
     * @param expected statuses in their order for a request; status and body, or {@code cut}, for an answer
     * @param line as it stands in the table
     */
    private record Case(String expected, String octets, String line) {
        static Case of(String line) {
            int bar = line.indexOf(" | ");
            return new Case(line.substring(0, bar), unescaped(line.substring(bar + 3)), line);
        }

        boolean isRefused() {
            return !expected.endsWith("200");
        }

        /** Requests that reach the backend whole, the good one behind included. */
        int served() {
            int before = expected.split("200", -1).length - 1;
            return isRefused() ? before : before + 1;
        }

        private static String unescaped(String text) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '~') {
                    octets.write('\r');
                    octets.write('\n');
                } else if (c != '\\') {
                    octets.write(c);
                } else {
                    i++;
                    switch (text.charAt(i)) {
                        case 'r' -> octets.write('\r');
                        case 'n' -> octets.write('\n');
                        case 't' -> octets.write('\t');
                        case 'x' -> {
                            octets.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                            i += 2;
                        }
                        default -> octets.write('\\');
                    }
                }
            }
            return octets.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return line;
        }
    }
}
