package io.turnout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.snapshot.EndpointPlan;
import io.turnout.telemetry.health.HealthState.Probed;
import io.turnout.testing.Member;
import io.turnout.testing.RawClient;
import io.turnout.testing.TestProxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may be asked: probes, ejection, panic, slow start, over real sockets. */
class HealthTest {
    private static final String CHECK =
            "healthCheck: {path: /healthz, interval: 100ms, timeout: 2s, healthyAfter: 2, unhealthyAfter: 2}";

    private final Member a = Member.saying("a");
    private final Member b = Member.saying("b");
    private final Member c = Member.saying("c");

    @AfterEach
    void closeMembers() {
        a.close();
        b.close();
        c.close();
    }

    private static String pool(String name, String rest, Member... members) {
        StringBuilder endpoints = new StringBuilder();
        for (Member member : members) {
            endpoints.append(endpoints.isEmpty() ? "" : ", ").append(member.address());
        }
        return name + ": {endpoints: [" + endpoints + "], balance: roundRobin, " + rest + "}";
    }

    private static String only(String rest, Member... members) {
        return TestProxy.split("only: 1", pool("only", rest, members));
    }

    private static EndpointPlan endpoint(TestProxy proxy, Member member) {
        return proxy.pool("only").endpoints().stream()
                .filter(endpoint -> endpoint.name().equals(member.address()))
                .findFirst()
                .orElseThrow();
    }

    private static Probed probed(TestProxy proxy, Member member) {
        return endpoint(proxy, member).health().state().probed();
    }

    private static boolean isEjected(TestProxy proxy, Member member) {
        return endpoint(proxy, member).health().state().ejection().isInForce(System.nanoTime());
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what).pollInterval(5, TimeUnit.MILLISECONDS).until(condition::getAsBoolean);
    }

    /** Answers by body; a status other than 200 goes by its number. */
    private static int count(RawClient client, String wanted, int requests) {
        int found = 0;
        for (int i = 0; i < requests; i++) {
            RawClient.Answer answer = client.get("/");
            String got = answer.status() == 200 ? answer.text() : Integer.toString(answer.status());
            found += got.equals(wanted) ? 1 : 0;
        }
        return found;
    }

    @Test
    void leavesAMemberWhoseProbesFailAndComesBackWhenTheyDoNot() {
        try (TestProxy proxy = TestProxy.start(only(CHECK + ", slowStart: 0s", a, b));
                RawClient client = RawClient.connect(proxy.port())) {
            await("both up", () -> probed(proxy, a) == Probed.UP && probed(proxy, b) == Probed.UP);
            a.answerProbes(500);
            await("a down", () -> probed(proxy, a) == Probed.DOWN);
            assertThat(endpoint(proxy, a).health().state().reason())
                    .isEqualTo("probe failed 2 times in a row, with status 500");
            assertThat(proxy.pool("only").usableEndpoints(System.nanoTime())).isEqualTo(1);
            assertThat(count(client, "b", 20)).isEqualTo(20);
            a.answerProbes(204);
            await("a up", () -> probed(proxy, a) == Probed.UP);
            assertThat(count(client, "a", 20)).isEqualTo(10);
        }
    }

    @Test
    void probesNoMoreOftenBecauseOfAMirror() {
        a.answerProbes(503);
        b.answerProbes(503);
        String check = "healthCheck: {path: /healthz, interval: 1h}";
        try (TestProxy proxy = TestProxy.start("listeners: [{name: web, address: 127.0.0.1:0}]\npools: {"
                + pool("only", check, a) + ", " + pool("shadow", check, b) + "}\n"
                + "routes: [{name: all, split: {only: 1}, mirror: {pool: shadow}}]\n")) {
            await("a down", () -> probed(proxy, a) == Probed.DOWN);
            await("b asked", () -> b.probes() > 0);
            assertThat(a.probes() + b.probes())
                    .as("one failure says enough of a member never seen well")
                    .isEqualTo(2);
        }
    }

    @Test
    void doesNotUseAMemberThatFailsItsFirstProbe() {
        a.answerProbes(503);
        try (TestProxy proxy = TestProxy.start(only("healthCheck: {path: /healthz, interval: 1h}", a, b));
                RawClient client = RawClient.connect(proxy.port())) {
            await("a down", () -> probed(proxy, a) == Probed.DOWN);
            await("b up", () -> b.probes() >= 2 && probed(proxy, b) == Probed.UP);
            assertThat(count(client, "b", 20)).isEqualTo(20);
            assertThat(a.probes())
                    .as("one failure says enough of a member never seen well")
                    .isEqualTo(1);
        }
    }

    @Test
    void servesFromTheFirstMomentWhenNothingIsKnownYet() {
        a.answerProbes(200);
        try (TestProxy proxy =
                        TestProxy.start(only("healthCheck: {path: /healthz, interval: 1h, healthyAfter: 100}", a));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(count(client, "a", 5)).isEqualTo(5);
            assertThat(probed(proxy, a)).isEqualTo(Probed.PENDING);
        }
    }

    @Test
    void usesANewMemberOnlyAfterItsProbesWhenOthersServe() {
        try (TestProxy proxy = TestProxy.start(only(CHECK, a));
                RawClient client = RawClient.connect(proxy.port())) {
            await("a up", () -> probed(proxy, a) == Probed.UP);
            b.answerProbes(500);
            proxy.reload(only(CHECK, a, b));
            await("b down", () -> probed(proxy, b) == Probed.DOWN);
            assertThat(count(client, "a", 20)).isEqualTo(20);
            assertThat(b.requests()).isZero();
        }
    }

    @Test
    void givesANewMemberItsShareSlowly() {
        try (TestProxy proxy = TestProxy.start(only("slowStart: 1h", a));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(count(client, "a", 5)).isEqualTo(5);
            proxy.reload(only("slowStart: 1h", a, b));
            int early = count(client, "b", 400);
            assertThat(early).as("a tenth of what a warm one gets").isBetween(5, 90);
            proxy.reload(only("slowStart: 0s", a, b));
            assertThat(count(client, "b", 400)).isEqualTo(200);
        }
    }

    @Test
    void sendsRequestsElsewhereWhenEveryMemberIsDown() {
        a.answerProbes(500);
        String pools = pool("only", CHECK, a) + ", " + pool("other", "slowStart: 0s", b);
        try (TestProxy proxy = TestProxy.start(TestProxy.split("only: 1, other: 1", pools));
                RawClient client = RawClient.connect(proxy.port())) {
            await("a down", () -> probed(proxy, a) == Probed.DOWN);
            assertThat(count(client, "b", 20)).isEqualTo(20);
            assertThat(proxy.totals("all", "only").charged())
                    .as("those that were meant for it")
                    .isEqualTo(10);
        }
    }

    @Test
    void asksMembersThatAreDownWhenNobodyElseIsLeft() {
        a.answerProbes(500);
        try (TestProxy proxy = TestProxy.start(only(CHECK, a));
                RawClient client = RawClient.connect(proxy.port())) {
            await("a down", () -> probed(proxy, a) == Probed.DOWN);
            assertThat(proxy.pool("only").usableEndpoints(System.nanoTime())).isZero();
            assertThat(count(client, "a", 20)).isEqualTo(20);
        }
    }

    @Test
    void asksNobodyThatIsDownWhenPanicIsSwitchedOff() {
        a.answerProbes(500);
        try (TestProxy proxy = TestProxy.start(only(CHECK + ", panicThreshold: 0%", a));
                RawClient client = RawClient.connect(proxy.port())) {
            await("a down", () -> probed(proxy, a) == Probed.DOWN);
            assertThat(count(client, "503", 20)).isEqualTo(20);
            assertThat(a.requests()).isZero();
        }
    }

    @Test
    void asksEverybodyWhenTooFewAreHealthy() {
        a.answerProbes(500);
        b.answerProbes(500);
        try (TestProxy proxy = TestProxy.start(only(CHECK + ", panicThreshold: 50%", a, b, c));
                RawClient client = RawClient.connect(proxy.port())) {
            await("two down", () -> probed(proxy, a) == Probed.DOWN && probed(proxy, b) == Probed.DOWN);
            await("one up", () -> probed(proxy, c) == Probed.UP);
            assertThat(count(client, "c", 30)).isEqualTo(10);
        }
    }

    @Test
    void ejectsAMemberAfterGatewayErrorsInARow() {
        try (TestProxy proxy =
                        TestProxy.start(only("outlier: {consecutiveErrors: 5, ejectFor: 1h}, slowStart: 0s", a, b, c));
                RawClient client = RawClient.connect(proxy.port())) {
            a.answer(503);
            assertThat(count(client, "503", 300)).as("until it was ejected").isEqualTo(5);
            assertThat(endpoint(proxy, a).health().state().reason())
                    .isEqualTo("5 gateway errors in a row, the last one status 503");
        }
    }

    @Test
    void takesAnEjectedMemberBackAfterItsTime() {
        try (TestProxy proxy = TestProxy.start(
                        only("outlier: {consecutiveErrors: 5, ejectFor: 300ms}, slowStart: 0s", a, b, c));
                RawClient client = RawClient.connect(proxy.port())) {
            a.answer(503);
            assertThat(count(client, "503", 15)).as("until it was ejected").isEqualTo(5);
            a.answer(200);
            await("a takes part again", () -> client.get("/").text().equals("a"));
        }
    }

    @Test
    void countsGatewayErrorsOfAllLoopsTogether() {
        try (TestProxy proxy = TestProxy.start(
                only("outlier: {consecutiveErrors: 10, ejectFor: 1h}", a, b),
                4,
                io.turnout.listener.Transport.Wish.AUTO)) {
            a.answer(502);
            int failed = 0;
            for (int i = 0; i < 100; i++) {
                try (RawClient client = RawClient.connect(proxy.port())) {
                    failed += count(client, "502", 1);
                }
            }
            assertThat(failed).isEqualTo(10);
        }
    }

    @Test
    void neverEjectsTheOnlyMember() {
        try (TestProxy proxy = TestProxy.start(only("outlier: {consecutiveErrors: 1, maxEjected: 100%}", a));
                RawClient client = RawClient.connect(proxy.port())) {
            a.answer(503);
            assertThat(count(client, "503", 50)).isEqualTo(50);
            assertThat(isEjected(proxy, a)).isFalse();
        }
    }

    @Test
    void ejectsNoMoreThanTheShareAndNeverTheLastHealthyOne() {
        try (TestProxy proxy = TestProxy.start(
                        only("outlier: {consecutiveErrors: 1, ejectFor: 1h, maxEjected: 100%}", a, b, c));
                RawClient client = RawClient.connect(proxy.port())) {
            a.answer(503);
            b.answer(503);
            c.answer(503);
            assertThat(count(client, "503", 50)).isEqualTo(50);
            AtomicInteger ejected = new AtomicInteger();
            for (Member member : new Member[] {a, b, c}) {
                ejected.addAndGet(isEjected(proxy, member) ? 1 : 0);
            }
            assertThat(ejected).hasValue(2);
        }
        try (TestProxy proxy = TestProxy.start(only("outlier: {consecutiveErrors: 1, ejectFor: 1h}", a, b, c));
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(count(client, "503", 50)).isEqualTo(50);
            AtomicInteger ejected = new AtomicInteger();
            for (Member member : new Member[] {a, b, c}) {
                ejected.addAndGet(isEjected(proxy, member) ? 1 : 0);
            }
            assertThat(ejected).as("30% of three, but one at least").hasValue(1);
        }
    }

    @Test
    void keepsHealthAndConnectionsOverReloadsAndEndsProbesOfWhatIsGone() {
        try (TestProxy proxy =
                        TestProxy.start(only(CHECK + ", outlier: {consecutiveErrors: 2, ejectFor: 1h}", a, b, c));
                RawClient client = RawClient.connect(proxy.port())) {
            await(
                    "all up",
                    () -> probed(proxy, a) == Probed.UP
                            && probed(proxy, b) == Probed.UP
                            && probed(proxy, c) == Probed.UP);
            a.answer(503);
            count(client, "", 30);
            assertThat(isEjected(proxy, a)).isTrue();
            long connects = endpoint(proxy, b).meter().connects();
            proxy.reload(only(CHECK + ", outlier: {consecutiveErrors: 2, ejectFor: 1h}", a, b));
            assertThat(isEjected(proxy, a)).isTrue();
            assertThat(probed(proxy, b)).isEqualTo(Probed.UP);
            count(client, "", 30);
            assertThat(endpoint(proxy, b).meter().connects()).isEqualTo(connects);
            // Two loops notice within a tick; after that the one that is gone must hear nothing while b is asked on.
            int seenByB = b.probes();
            await("loops have noticed", () -> b.probes() > seenByB + 2);
            int seenByC = c.probes();
            int laterByB = b.probes();
            await("b is probed on", () -> b.probes() > laterByB + 5);
            assertThat(c.probes()).isEqualTo(seenByC);
        }
    }

    @Test
    void drainsAWholePoolAndGivesItBack() {
        String pools = pool("only", "slowStart: 0s", a, b) + ", " + pool("other", "slowStart: 0s", c);
        try (TestProxy proxy = TestProxy.start(TestProxy.split("only: 1, other: 0", pools));
                RawClient client = RawClient.connect(proxy.port())) {
            proxy.drain("only", "*");
            assertThat(count(client, "503", 10)).isEqualTo(10);
            proxy.resume("only", "*");
            assertThat(count(client, "a", 10)).isEqualTo(5);
        }
    }

    @Test
    void prefersTheMemberThatAnswersSoonerWithEwma() {
        String yaml = only("slowStart: 0s", a, b).replace("balance: roundRobin", "balance: ewma");
        // Longer than a busy machine may keep a member from answering, which counts as slowness, too.
        a.delay(300);
        try (TestProxy proxy = TestProxy.start(yaml, 1, io.turnout.listener.Transport.Wish.AUTO);
                RawClient client = RawClient.connect(proxy.port())) {
            assertThat(count(client, "b", 100))
                    .as("the slow one is known after its first answer")
                    .isGreaterThan(90);
            a.delay(0);
            b.delay(600);
            await("the other one is slower now, and is left", () -> count(client, "a", 10) == 10);
        }
    }
}
