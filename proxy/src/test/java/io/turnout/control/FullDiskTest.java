package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.state.FaultyDisk;
import io.turnout.control.state.StateException;
import io.turnout.control.state.StateStore;
import io.turnout.shadow.Comparisons;
import io.turnout.snapshot.Snapshot;
import io.turnout.tls.TlsProvider;
import io.turnout.tls.TlsStore;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to each kind of step when the state folder has no room. On the test's thread, which plays control's. */
class FullDiskTest {
    private static final String FILE = Yaml.split(95, 5).replace("127.0.0.1:9011", "backend:9011");

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private final FaultyDisk disk = new FaultyDisk();
    private final List<List<String>> followed = new ArrayList<>();
    private final AddressBook addresses = new AddressBook(host -> List.of(InetAddress.getByName("127.0.0.7")));
    private final Comparisons comparisons = new Comparisons();
    private Publisher publisher;
    private ReloadDesk reloads;
    private WeightDesk weights;

    @BeforeEach
    void start() throws Exception {
        ControlSetup setup = RunningControl.setup(folder, FILE, NameLookup.SYSTEM, time);
        addresses.prepare(setup.config(), time.nanos()).join();
        publisher = new Publisher(setup, parts(), first(setup));
        publisher.openListenersWith(
                plans -> followed.add(plans.stream().map(plan -> plan.name()).toList()));
        reloads = new ReloadDesk(publisher, new ConfigLoader(name -> null), addresses, time);
        weights = new WeightDesk(
                publisher,
                time,
                new SwitchChecks(
                        new GuardDesk(publisher::world, comparisons, time),
                        new SmokeDesk(publisher::world, time, time)));
    }

    private Publisher.Parts parts() throws StateException {
        StateStore store = disk.store(folder.resolve("journal"));
        AuditTrail audit = new AuditTrail(disk.audit(folder.resolve("audit.jsonl")));
        return new Publisher.Parts(
                store, audit, addresses, new OverrideTimers(), new TlsStore(() -> TlsProvider.JDK, time));
    }

    private static Step first(ControlSetup setup) {
        Desired desired = ConfigLoader.desired(setup.text(), setup.config(), setup.warnings());
        return Step.reload(desired, List.of(), ANN);
    }

    @AfterEach
    void stop() {
        addresses.close();
    }

    private Command.Reload reload(String yaml) {
        return new Command.Reload(new ConfigText("turnout.yaml", yaml, folder, null), ANN);
    }

    private void assertRefused(CommandResult result) {
        assertThat(result).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.kind()).isEqualTo(Kind.STORAGE_FAILED);
            assertThat(refused.text()).contains("No space left");
        });
    }

    @Test
    void aDecisionIsRefusedAndNothingChanges() {
        Snapshot before = publisher.published().current();
        disk.roomBytes = 30;
        Command.SetWeights command = new Command.SetWeights("shop", Map.of("green", 1), null, ANN);
        assertRefused(weights.setWeights(command));
        assertThat(publisher.published().current()).isSameAs(before);
        assertThat(publisher.world().state().overrides()).isEmpty();
        assertThat(publisher.storageFailures()).isEqualTo(1);
        disk.roomBytes = Long.MAX_VALUE;
        assertThat(weights.setWeights(command)).isInstanceOf(CommandResult.Applied.class);
    }

    @Test
    void aReloadIsRefusedAndItsListenersAreClosedAgain() {
        Snapshot before = publisher.published().current();
        disk.roomBytes = 30;
        assertRefused(reloads.reload(reload(FILE.replace("name: web", "name: www"))));
        assertThat(publisher.published().current()).isSameAs(before);
        assertThat(followed).containsExactly(List.of("www"), List.of("web"));
        assertThat(reloads.reloads().last().ok()).isFalse();
    }

    @Test
    void aWorldThatIsOnlyCompiledAnewIsPublishedAllTheSame() {
        disk.roomBytes = 0;
        assertThat(publisher.publish(Step.anew(publisher.world().desired(), ANN)))
                .isNull();
        assertThat(publisher.published().current().generation()).isEqualTo(2);
    }

    @Test
    void anAuditEntryThatDoesNotFitIsCountedAndAtHand() throws Exception {
        // Room for the journal's record only.
        disk.roomBytes = 500;
        assertThat(weights.setWeights(new Command.SetWeights("shop", Map.of("green", 1), null, ANN)))
                .isInstanceOf(CommandResult.Applied.class);
        assertThat(publisher.storageFailures()).isEqualTo(1);
    }

    @Test
    void aStartIsRefusedInOneLine() {
        disk.roomBytes = 0;
        ControlSetup setup = RunningControl.setup(folder, FILE, NameLookup.SYSTEM, time);
        assertThatThrownBy(() -> new Publisher(setup, parts(), first(setup)))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("No space left")
                .hasMessageNotContaining("\n");
    }
}
