package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.AuditEntry;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.snapshot.EndpointPlan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointDrainTest {
    @TempDir
    Path folder;

    private RunningControl turnout;

    @BeforeEach
    void start() throws Exception {
        turnout = RunningControl.start(folder, Yaml.split(95, 5));
    }

    @AfterEach
    void stop() {
        turnout.close();
    }

    private static Command.DrainEndpoint drain(String pool, String address) {
        return new Command.DrainEndpoint(pool, address, ANN);
    }

    private List<Boolean> drained() {
        return turnout.control.published().current().pools().get(0).endpoints().stream()
                .map(EndpointPlan::drained)
                .toList();
    }

    @Test
    void takesAnEndpointOutAndBack() {
        assertThat(turnout.apply(drain("blue", "127.0.0.1:9001")).generation()).isEqualTo(2);
        assertThat(drained()).containsExactly(true, false);
        Applied resumed = turnout.apply(new Command.ResumeEndpoint("blue", "127.0.0.1:9001", ANN));
        assertThat(resumed.generation()).isEqualTo(3);
        assertThat(drained()).containsExactly(false, false);
        assertThat(turnout.control.audit(2))
                .extracting(AuditEntry::action, AuditEntry::before, AuditEntry::after)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("resume", "drained", "in service"),
                        org.assertj.core.groups.Tuple.tuple("drain", "in service", "drained"));
    }

    @Test
    void isNothingWhenItIsSoAlready() {
        assertThat(turnout.apply(new Command.ResumeEndpoint("blue", "127.0.0.1:9001", ANN))
                        .changed())
                .isFalse();
        turnout.apply(drain("blue", "127.0.0.1:9001"));
        assertThat(turnout.apply(drain("blue", "127.0.0.1:9001")).changed()).isFalse();
        assertThat(turnout.control.generation()).isEqualTo(2);
    }

    @Test
    void warnsWhenAPoolIsLeftWithoutEndpoint() {
        assertThat(turnout.apply(drain("blue", "127.0.0.1:9001")).notes()).isEmpty();
        assertThat(turnout.apply(drain("blue", "127.0.0.1:9002")).notes())
                .singleElement()
                .asString()
                .contains("pool blue has no endpoint in service")
                .contains("onEmpty");
    }

    @Test
    void isRefusedForWhatIsNotConfigured() {
        Refused pool = turnout.refuse(drain("purple", "127.0.0.1:9001"));
        assertThat(pool.kind()).isEqualTo(Kind.UNKNOWN_POOL);
        assertThat(pool.text()).contains("purple").contains("blue, green, red");
        Refused endpoint = turnout.refuse(drain("blue", "127.0.0.1:9003"));
        assertThat(endpoint.kind()).isEqualTo(Kind.UNKNOWN_ENDPOINT);
        assertThat(endpoint.text()).contains("127.0.0.1:9003").contains("127.0.0.1:9001, 127.0.0.1:9002");
        assertThat(turnout.refuse(new Command.ResumeEndpoint("blue", "x:1", ANN))
                        .kind())
                .isEqualTo(Kind.UNKNOWN_ENDPOINT);
    }

    @Test
    void keepsTheMeterOfTheEndpoint() {
        var before = turnout.control
                .published()
                .current()
                .pools()
                .get(0)
                .endpoints()
                .get(0)
                .meter();
        turnout.apply(drain("blue", "127.0.0.1:9001"));
        assertThat(turnout.control
                        .published()
                        .current()
                        .pools()
                        .get(0)
                        .endpoints()
                        .get(0)
                        .meter())
                .isSameAs(before);
    }
}
