package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.snapshot.EndpointPlan;
import io.turnout.testing.BackendProcess;
import io.turnout.testing.BackendProcess.Manner;
import io.turnout.testing.RawClient;
import io.turnout.testing.SteadyLoad;
import io.turnout.testing.TestProxy;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users notice when one of three members dies, freezes or is replaced under load; the members are processes. */
class MemberFaultsIT {
    private static final int CONNECTIONS = 8;
    private static final int PER_SECOND = 200;

    /** Longer than a busy machine stands still, where it is not late answers that are tried. */
    private static final String PATIENT = "10s";

    private static final String IMPATIENT = "500ms";

    @TempDir
    Path folder;

    private final List<BackendProcess> members = new ArrayList<>();

    @BeforeEach
    void startMembers() {
        for (String name : List.of("a", "b", "c")) {
            members.add(BackendProcess.start(name, folder));
        }
    }

    @AfterEach
    void closeMembers() {
        members.forEach(BackendProcess::close);
    }

    private static String yaml(List<BackendProcess> of, String patience) {
        return TestProxy.split(
                "only: 1",
                "only: {endpoints: ["
                        + String.join(
                                ", ", of.stream().map(BackendProcess::address).toList()) + "],"
                        + " healthCheck: {path: /, interval: 200ms, timeout: 200ms, healthyAfter: 2, unhealthyAfter: 2},"
                        + " timeouts: {connect: 500ms, response: " + patience + "}, slowStart: 1s}");
    }

    private static boolean isUsed(TestProxy proxy, BackendProcess member) {
        for (EndpointPlan endpoint : proxy.pool("only").endpoints()) {
            if (endpoint.name().equals(member.address())) {
                return endpoint.health().state().isHealthy(System.nanoTime());
            }
        }
        return false;
    }

    private static double secondsUntil(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        Awaitility.await(what)
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(condition::getAsBoolean);
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void awaitRequests(TestProxy proxy, int more) {
        long before = proxy.totals("all", "only").started();
        secondsUntil("load", () -> proxy.totals("all", "only").started() >= before + more);
    }

    private static void print(String fault, SteadyLoad.Report report, double out, double back) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d answered, %d failed, out after %.2f s, back after %.2f s%n",
                fault,
                report.answered(),
                report.failed(),
                out,
                back);
    }

    /** Lets the first member misbehave under load until it is out, and for a while, and waits until it is back. */
    private long failedWhile(
            String fault, String patience, Consumer<BackendProcess> begins, Consumer<BackendProcess> ends) {
        BackendProcess sick = members.get(0);
        try (TestProxy proxy = TestProxy.start(yaml(members, patience));
                SteadyLoad load = SteadyLoad.start(proxy.port(), CONNECTIONS, PER_SECOND)) {
            awaitRequests(proxy, 200);
            secondsUntil("all used", () -> members.stream().allMatch(member -> isUsed(proxy, member)));
            begins.accept(sick);
            double out = secondsUntil("out", () -> !isUsed(proxy, sick));
            awaitRequests(proxy, 200);
            ends.accept(sick);
            double back = secondsUntil("back", () -> isUsed(proxy, sick));
            awaitRequests(proxy, 200);
            SteadyLoad.Report report = load.stop();
            print(fault, report, out, back);
            return report.failed();
        }
    }

    @Test
    void losesNothingToAMemberThatIsKilled() {
        assertThat(failedWhile("kill -9", PATIENT, BackendProcess::kill, BackendProcess::restart))
                .isZero();
    }

    @Test
    void losesOnlyWhatAFrozenMemberHeldWhenItIsStopped() {
        // A client waits for its answer before it sends on: each connection is caught about once.
        assertThat(failedWhile("stop", IMPATIENT, BackendProcess::freeze, BackendProcess::thaw))
                .isLessThanOrEqualTo(2L * CONNECTIONS);
    }

    @Test
    void losesOnlyWhatASlowMemberHeld() {
        assertThat(failedWhile("slow", IMPATIENT, sick -> sick.behave(Manner.SLOW), sick -> sick.behave(Manner.WELL)))
                .isLessThanOrEqualTo(2L * CONNECTIONS);
    }

    @Test
    void losesNothingToAMemberThatRefusesConnections() {
        assertThat(failedWhile(
                        "refuse", PATIENT, sick -> sick.behave(Manner.REFUSING), sick -> sick.behave(Manner.WELL)))
                .isZero();
    }

    @Test
    void losesNothingToAMemberThatResetsConnections() {
        assertThat(failedWhile(
                        "reset", PATIENT, sick -> sick.behave(Manner.RESETTING), sick -> sick.behave(Manner.WELL)))
                .isZero();
    }

    @Test
    void losesNothingInARollingUpdate() {
        try (TestProxy proxy = TestProxy.start(yaml(members, PATIENT));
                SteadyLoad load = SteadyLoad.start(proxy.port(), CONNECTIONS, PER_SECOND)) {
            awaitRequests(proxy, 200);
            for (int i = 0; i < 3; i++) {
                BackendProcess old = members.get(i);
                BackendProcess fresh = BackendProcess.start("new" + i, folder);
                members.set(i, fresh);
                proxy.reload(yaml(members, PATIENT));
                secondsUntil("new one used", () -> isUsed(proxy, fresh));
                awaitRequests(proxy, 100);
                old.close();
            }
            awaitRequests(proxy, 200);
            SteadyLoad.Report report = load.stop();
            System.out.println("rolling update: " + report.answers() + ", failed " + report.failed());
            assertThat(report.failures()).isEmpty();
            assertThat(report.failed()).isZero();
            assertThat(report.answers()).containsKeys("new0", "new1", "new2");
        }
    }

    @Test
    void deliversWhatIsNotIdempotentAtMostOnceWhileMembersMisbehave() {
        try (TestProxy proxy = TestProxy.start(yaml(members, IMPATIENT))) {
            RawClient client = RawClient.connect(proxy.port());
            int answered = 0;
            for (int i = 0; i < 600; i++) {
                if (i % 200 == 100) {
                    sicken(i / 200);
                } else if (i % 200 == 150) {
                    heal(i / 200);
                }
                try {
                    client.send("POST / HTTP/1.1\r\nHost: x\r\nX-Id: " + i + "\r\n\r\n");
                    answered += client.read("POST").status() == 200 ? 1 : 0;
                } catch (UncheckedIOException e) {
                    client.close();
                    client = RawClient.connect(proxy.port());
                }
            }
            client.close();
            List<String> ids = new ArrayList<>();
            members.forEach(member -> ids.addAll(member.ids()));
            System.out.println(
                    "600 POSTs, a kill, resets, slowness: " + answered + " answered, " + ids.size() + " delivered");
            assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(answered);
        }
    }

    private void sicken(int index) {
        switch (index) {
            case 0 -> members.get(0).kill();
            case 1 -> members.get(1).behave(Manner.RESETTING);
            default -> members.get(2).behave(Manner.SLOW);
        }
    }

    private void heal(int index) {
        if (index == 0) {
            members.get(0).restart();
        } else {
            members.get(index).behave(Manner.WELL);
        }
    }
}
