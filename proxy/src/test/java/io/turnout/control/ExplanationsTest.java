package io.turnout.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.ExplainAnswer;
import io.turnout.adminapi.ExplainRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplanationsTest {
    private static final String FILE = """
            listeners: [{name: web, address: 127.0.0.1:8080}]
            pools:
              blue: [127.0.0.1:9001]
              green: [127.0.0.1:9002]
            routes:
              - name: shop
                match: {host: shop.example.com, path: {prefix: /cart}}
                rules:
                  - {name: testers, when: {header: {x-canary: always}}, pool: green}
                split: {weights: {blue: 50, green: 50}, key: {cookie: uid}}
              - name: rest
                split: {blue: 1}
            """;

    @TempDir
    Path folder;

    private RunningControl turnout;

    @BeforeEach
    void start() throws Exception {
        turnout = RunningControl.start(folder, FILE);
    }

    @AfterEach
    void stop() {
        turnout.close();
    }

    private static ExplainRequest get(String target, @Nullable Map<String, String> headers) {
        return new ExplainRequest(null, "Shop.Example.com:8080", target, headers, null);
    }

    private ExplainAnswer.Choice choose(ExplainRequest request) {
        Explained explained = turnout.control.explain(request);
        assertThat(explained).isInstanceOf(Explained.Answered.class);
        return Objects.requireNonNull(((Explained.Answered) explained).answer().choice());
    }

    private void assertRefused(ExplainRequest request, String found) {
        assertThat(turnout.control.explain(request))
                .isInstanceOfSatisfying(
                        Explained.Refused.class,
                        refused -> assertThat(refused.found()).contains(found));
    }

    @Test
    void tellRouteRuleAndReason() {
        ExplainAnswer.Choice choice = choose(get("/cart", Map.of("X-Canary", "always")));
        assertThat(choice.route()).isEqualTo("shop");
        assertThat(choice.reason()).isEqualTo("forced");
        assertThat(choice.pool()).isEqualTo("green");
        assertThat(choice.rules()).containsExactly(new ExplainAnswer.AskedRule("testers", null));
    }

    @Test
    void tellTheKeyAndItsHash() {
        ExplainAnswer.Choice choice = choose(get("/cart?x=1", Map.of("cookie", "a=b; uid=42")));
        assertThat(choice.reason()).isEqualTo("keyed");
        ExplainAnswer.Key key = Objects.requireNonNull(choice.key());
        assertThat(key.value()).isEqualTo("42");
        assertThat(key.hash()).hasSize(16);
        assertThat(choice.shares())
                .containsExactly(new ExplainAnswer.Share("blue", 50, 0.5), new ExplainAnswer.Share("green", 50, 0.5));
    }

    @Test
    void seeTheRequestAsTheDataPlaneWould() {
        assertThat(choose(get("//x/../cart/%41", null)).route()).isEqualTo("shop");
        assertThat(choose(get("/cartoon", null)).route()).isEqualTo("rest");
        assertThat(choose(new ExplainRequest(null, null, null, null, null)).route())
                .isEqualTo("rest");
    }

    @Test
    void tellWhyOtherRoutesWereNotChosen() {
        Explained explained = turnout.control.explain(get("/other", null));
        ExplainAnswer answer = ((Explained.Answered) explained).answer();
        assertThat(answer.generation()).isEqualTo(1);
        assertThat(answer.routes())
                .extracting(ExplainAnswer.ConsideredRoute::fate)
                .containsExactly("noMatch", "chosen");
        assertThat(answer.routes().get(0).why()).contains("/other");
    }

    @Test
    void followTheOverride() {
        turnout.weights("shop", Map.of("green", 1));
        ExplainAnswer.Choice choice = choose(get("/cart", null));
        assertThat(choice.reason()).isEqualTo("only");
        assertThat(choice.pool()).isEqualTo("green");
    }

    @Test
    void refuseWhatNoClientCouldSend() {
        assertRefused(get("no slash", null), "request");
        assertRefused(get("/../..", null), "climbs above the root");
        assertRefused(get("/", Map.of("x", "a\r\nHost: evil")), "line break");
        assertRefused(get("/", Map.of("x y", "a")), "field");
        assertRefused(new ExplainRequest("GE T", "a", "/", null, null), "request");
        assertRefused(new ExplainRequest(null, "a b", "/", null, null), "Host");
        assertRefused(new ExplainRequest(null, "a", "/", null, "not an ip"), "client not an ip");
    }

    @Test
    void takeTheFirstOfTwoFieldsOfOneName() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Canary", "always");
        headers.put("x-canary", "never");
        assertThat(choose(get("/cart", headers)).reason()).isEqualTo("forced");
    }

    @Test
    void readTheClientAddress() {
        ExplainRequest request = new ExplainRequest("POST", "shop.example.com", "/cart", null, "2001:db8::1");
        assertThat(choose(request).route()).isEqualTo("shop");
    }
}
