package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.model.DecisionReason;
import io.turnout.testing.Nginx;
import io.turnout.testing.RawClient;
import io.turnout.testing.TestProxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The share a weight promises is the share that arrives, at real servers and through every loop. */
class SplitTest {
    private static final int LOOPS = 2;

    @TempDir
    static Path folder;

    private Nginx blue;
    private Nginx green;

    @BeforeEach
    void start() {
        blue = Nginx.saying("blue", folder);
        green = Nginx.saying("green", folder);
    }

    @AfterEach
    void stop() {
        blue.close();
        green.close();
    }

    private TestProxy proxy(String split) {
        return TestProxy.start("listeners: [{name: web, address: 127.0.0.1:0}]\npools:\n  blue: [127.0.0.1:"
                + blue.port() + "]\n  green: [127.0.0.1:" + green.port() + "]\nroutes:\n  - {name: shop, split: "
                + split + "}\n");
    }

    @Test
    void sendsATenthOfAHundredThousandRequestsWithinOnePerLoop() {
        int requests = 100_000;
        int clients = 8;
        Map<String, Integer> counted = new HashMap<>();
        try (TestProxy proxy = proxy("{blue: 90, green: 10}")) {
            for (int c = 0; c < clients; c++) {
                try (RawClient client = RawClient.connect(proxy.port())) {
                    count(client, requests / clients, counted);
                }
            }
            assertThat(counted.get("green")).isBetween(requests / 10 - LOOPS, requests / 10 + LOOPS);
            assertThat(counted.get("blue") + counted.get("green")).isEqualTo(requests);
            assertThat(proxy.totals("shop", "green").finished())
                    .isEqualTo(counted.get("green").longValue());
        }
    }

    /** Pipelined in batches: the count is what matters here, not the time. */
    private static void count(RawClient client, int requests, Map<String, Integer> counted) {
        int batch = 100;
        String batched = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(batch);
        for (int sent = 0; sent < requests; sent += batch) {
            client.send(batched);
            for (int i = 0; i < batch; i++) {
                RawClient.Answer answer = client.read();
                assertThat(answer.status()).isEqualTo(200);
                counted.merge(answer.text(), 1, Integer::sum);
            }
        }
    }

    @Test
    void sendsNotOneStrayRequestAtZeroAndAHundredPercent() {
        Map<String, Integer> counted = new HashMap<>();
        try (TestProxy proxy = proxy("{blue: 0, green: 1}");
                RawClient client = RawClient.connect(proxy.port())) {
            count(client, 5_000, counted);
        }
        assertThat(counted).containsOnlyKeys("green");
    }

    @Test
    void keepsEveryUserOnTheCanaryWhileItGrowsAndRestoresExactlyTheFirstSetWhenItShrinks() {
        int users = 10_000;
        try (TestProxy proxy = proxy("{weights: {blue: 90, green: 10}, key: {cookie: uid}}");
                RawClient client = RawClient.connect(proxy.port())) {
            Set<Integer> atTen = onGreen(client, users);
            proxy.weigh("shop", Map.of("blue", 70, "green", 30));
            Set<Integer> atThirty = onGreen(client, users);
            proxy.weigh("shop", Map.of("blue", 90, "green", 10));
            Set<Integer> atTenAgain = onGreen(client, users);
            assertThat(atThirty).containsAll(atTen);
            assertThat(atTenAgain).isEqualTo(atTen);
            assertWithinThreeSigma(atTen.size(), users, 0.1);
            assertWithinThreeSigma(atThirty.size(), users, 0.3);
        }
    }

    private static void assertWithinThreeSigma(int seen, int of, double share) {
        double sigma = Math.sqrt(of * share * (1 - share));
        assertThat((double) seen).isBetween(of * share - 3 * sigma, of * share + 3 * sigma);
    }

    private static Set<Integer> onGreen(RawClient client, int users) {
        Set<Integer> green = new TreeSet<>();
        for (int user = 0; user < users; user++) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; uid=user-" + user + "\r\n\r\n");
            if (client.read().text().equals("green")) {
                green.add(user);
            }
        }
        return green;
    }

    @Test
    void mintsAVisitorIdThatKeepsTheSideItWasGivenWith() {
        try (TestProxy proxy = proxy("{weights: {blue: 50, green: 50}, key: {cookie: vid, generate: true}}")) {
            for (int visitor = 0; visitor < 20; visitor++) {
                try (RawClient client = RawClient.connect(proxy.port())) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: agent-" + visitor + "\r\n\r\n");
                    RawClient.Answer first = client.read();
                    String cookie = first.field("set-cookie");
                    assertThat(cookie).startsWith("vid=").contains("Path=/").contains("HttpOnly");
                    String pair = cookie.substring(0, cookie.indexOf(';'));
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + pair + "\r\n\r\n");
                    RawClient.Answer second = client.read();
                    assertThat(second.text()).isEqualTo(first.text());
                    assertThat(second.field("set-cookie")).isNull();
                }
            }
        }
    }

    @Test
    void forcesATesterWhateverTheWeights() {
        String yaml = "listeners: [{name: web, address: 127.0.0.1:0}]\npools:\n  blue: [127.0.0.1:" + blue.port()
                + "]\n  green: [127.0.0.1:" + green.port() + "]\nroutes:\n  - name: shop\n    rules: [{name: testers, "
                + "when: {header: {x-canary: always}}, pool: green}]\n    split: {blue: 1, green: 0}\n";
        try (TestProxy proxy = TestProxy.start(yaml);
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.get("/").text()).isEqualTo("blue");
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Canary: always\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("green");
            assertThat(proxy.totals("shop", "green").decided(DecisionReason.FORCED))
                    .isEqualTo(1);
            assertThat(proxy.totals("shop", "blue").decided(DecisionReason.ONLY))
                    .isEqualTo(1);
        }
    }
}
