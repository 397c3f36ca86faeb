package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.ListenerStatus;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.snapshot.ListenerPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerDeskTest {
    private static final Command DRAIN = new Command.DrainListener("web", ANN);
    private static final Command RESUME = new Command.ResumeListener("web", ANN);

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

    private boolean drained() {
        return turnout.control.published().current().listeners().stream()
                .map(ListenerPlan::drained)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void closesAListenerAndOpensItAgain() {
        assertThat(turnout.apply(DRAIN).notes()).containsExactly("no listener takes connections now");
        assertThat(drained()).isTrue();
        assertThat(turnout.control.status().listeners())
                .containsExactly(new ListenerStatus("web", "127.0.0.1:8080", true));
        assertThat(turnout.apply(RESUME).notes()).isEmpty();
        assertThat(drained()).isFalse();
        assertThat(turnout.followed).hasSize(2);
        assertThat(turnout.control.audit(2))
                .extracting(AuditEntry::action, AuditEntry::subject, AuditEntry::before, AuditEntry::after)
                .containsExactly(
                        tuple("resume", "listener web", "drained", "listens"),
                        tuple("drain", "listener web", "listens", "drained"));
    }

    @Test
    void isNothingWhenItIsSoAlready() {
        assertThat(turnout.apply(RESUME).changed()).isFalse();
        turnout.apply(DRAIN);
        assertThat(turnout.apply(DRAIN).changed()).isFalse();
        assertThat(turnout.control.generation()).isEqualTo(2);
    }

    @Test
    void staysDrainedOverReloadAndRestart() throws Exception {
        turnout.apply(DRAIN);
        turnout = turnout.restart(Yaml.split(90, 10));
        assertThat(drained()).isTrue();
    }

    @Test
    void isInServiceAgainOnceTheFileHasDroppedIt() throws Exception {
        turnout.apply(DRAIN);
        turnout = turnout.restart(Yaml.split(95, 5).replace("{name: web,", "{name: other,"));
        assertThat(turnout.control.audit(1))
                .extracting(AuditEntry::action, AuditEntry::subject, AuditEntry::reason)
                .contains(tuple("drainEnded", "listener web", "the file no longer has the listener"));
        turnout = turnout.restart(Yaml.split(95, 5));
        assertThat(drained()).isFalse();
    }

    @Test
    void staysDrainedWhenItsAddressCannotBeHad() {
        turnout.apply(DRAIN);
        turnout.listenerFailure = "the address is already in use by another process";
        Refused refused = turnout.refuse(RESUME);
        assertThat(refused.kind()).isEqualTo(Kind.LISTENER_FAILED);
        assertThat(refused.text()).contains("already in use");
        assertThat(drained()).isTrue();
    }

    @Test
    void isRefusedForWhatIsNotConfigured() {
        Refused refused = turnout.refuse(new Command.DrainListener("wap", ANN));
        assertThat(refused.kind()).isEqualTo(Kind.UNKNOWN_LISTENER);
        assertThat(refused.text()).contains("wap").contains("web");
    }
}
