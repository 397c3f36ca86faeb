package io.turnout.control;

import static io.turnout.control.RunningControl.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.adminapi.AuditEntry;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.state.StateException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlThreadTest {
    private static final String FILE = Yaml.split(95, 5);

    @TempDir
    Path folder;

    @Test
    void doesOneCommandAfterTheOtherHoweverManyThreadsSubmit() throws Exception {
        int threads = 100;
        int commandsEach = 5;
        List<CompletableFuture<CommandResult>> results = new CopyOnWriteArrayList<>();
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            CountDownLatch together = new CountDownLatch(threads);
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                Thread thread = new Thread(() -> {
                    together.countDown();
                    for (int j = 0; j < commandsEach; j++) {
                        Map<String, Integer> weights = Map.of("blue", 1 + number * commandsEach + j, "green", 1);
                        results.add(turnout.control.submit(new Command.SetWeights("shop", weights, null, ANN)));
                    }
                });
                submitters.add(thread);
                thread.start();
            }
            for (Thread thread : submitters) {
                thread.join();
            }
            List<Long> generations = results.stream()
                    .map(result ->
                            ((Applied) result.orTimeout(30, TimeUnit.SECONDS).join()).generation())
                    .sorted()
                    .toList();
            assertThat(generations)
                    .isEqualTo(LongStream.rangeClosed(2, 1 + (long) threads * commandsEach)
                            .boxed()
                            .toList());
            List<AuditEntry> audit = turnout.control.audit(threads * commandsEach);
            for (int i = 1; i < audit.size(); i++) {
                assertThat(audit.get(i).after())
                        .as("each begins where the last ended")
                        .isEqualTo(audit.get(i - 1).before());
            }
        }
    }

    @Test
    void doesOneOfManyCommandsThatAreBasedOnTheSameGeneration() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            List<CompletableFuture<CommandResult>> results = new ArrayList<>();
            for (int i = 1; i <= 50; i++) {
                Map<String, Integer> weights = Map.of("blue", 1000 + i, "green", 1);
                results.add(turnout.control.submit(new Command.SetWeights("shop", weights, null, ANN.basedOn(1L))));
            }
            List<CommandResult> done =
                    results.stream().map(CompletableFuture::join).toList();
            assertThat(done).filteredOn(Applied.class::isInstance).hasSize(1);
            assertThat(done)
                    .filteredOn(Refused.class::isInstance)
                    .hasSize(49)
                    .allMatch(result -> ((Refused) result).kind() == Kind.CONFLICT_GENERATION);
        }
    }

    @Test
    void refusesCommandsWhenClosed() throws Exception {
        RunningControl turnout = RunningControl.start(folder, FILE);
        turnout.close();
        assertThat(turnout.refuse(new Command.ClearOverride("shop", ANN)).kind())
                .isEqualTo(Kind.CLOSED);
    }

    @Test
    void answersEachCommandThatWaitsWhenItIsClosed() throws Exception {
        RunningControl turnout = RunningControl.start(folder, FILE);
        List<CompletableFuture<CommandResult>> results = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            results.add(
                    turnout.control.submit(new Command.SetWeights("shop", Map.of("blue", i, "green", 1), null, ANN)));
        }
        turnout.close();
        assertThat(results).allSatisfy(result -> assertThat(result).isCompleted());
        long applied = results.stream()
                .filter(result -> result.join() instanceof Applied)
                .count();
        try (RunningControl again = RunningControl.start(folder, FILE)) {
            assertThat(again.control.generation())
                    .as("what was acknowledged is there")
                    .isEqualTo(applied + 2);
        }
    }

    @Test
    void refusesWhatDoesNotFitInTheMailbox() {
        Mailbox mailbox = new Mailbox(2);
        CompletableFuture<CommandResult> first = mailbox.post(new Command.ClearOverride("shop", ANN));
        mailbox.post(new Command.ClearOverride("shop", ANN));
        CompletableFuture<CommandResult> third = mailbox.post(new Command.ClearOverride("shop", ANN));
        assertThat(first).isNotDone();
        assertThat(third).isCompletedWithValueMatching(result -> ((Refused) result).kind() == Kind.BUSY);
        mailbox.close();
        assertThat(first).isCompletedWithValueMatching(result -> ((Refused) result).kind() == Kind.CLOSED);
    }

    @Test
    void tellsListenersOfEachEntryUntilTheyLeave() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            List<String> heard = new CopyOnWriteArrayList<>();
            turnout.control.follow(entry -> {
                throw new IllegalStateException("a broken listener");
            });
            Control.Subscription subscription = turnout.control.follow(entry -> heard.add(entry.action()));
            turnout.weights("shop", Map.of("blue", 1));
            turnout.apply(new Command.ClearOverride("shop", ANN));
            subscription.close();
            turnout.weights("shop", Map.of("blue", 2));
            assertThat(heard).containsExactly("weights", "overrideEnded");
        }
    }

    @Test
    void survivesABugInOneCommand() throws Exception {
        try (RunningControl turnout = RunningControl.start(folder, FILE)) {
            turnout.onFollow = () -> {
                throw new IllegalStateException("a bug on purpose");
            };
            assertThat(turnout.refuse(new Command.Reload(turnout.text(Yaml.split(1, 1)), ANN))
                            .kind())
                    .isEqualTo(Kind.INTERNAL);
            assertThat(turnout.published("shop")).isEqualTo(Map.of("blue", 95, "green", 5));
            turnout.onFollow = () -> {};
            assertThat(turnout.reload(Yaml.split(1, 1)).changed()).isTrue();
        }
    }

    @Test
    void cannotHaveAStateFolderThatAnotherHas() throws Exception {
        try (RunningControl first = RunningControl.start(folder, FILE)) {
            assertThatThrownBy(() -> RunningControl.start(folder, FILE))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("in use by another process");
            assertThat(first.weights("shop", Map.of("blue", 1)).changed()).isTrue();
        }
    }

    @Test
    void letsGoOfTheFolderWhenItCannotStart() throws Exception {
        Path audit = folder.resolve(".turnout/audit.jsonl");
        Files.createDirectories(audit);
        assertThatThrownBy(() -> RunningControl.start(folder, FILE))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(audit.toString());
        Files.delete(audit);
        RunningControl.start(folder, FILE).close();
    }

    @Test
    void startsWithWhatATornJournalHeldBefore() throws Exception {
        RunningControl first = RunningControl.start(folder, FILE);
        first.weights("shop", Map.of("blue", 1, "green", 1));
        first.close();
        Path journal = folder.resolve(".turnout/journal");
        byte[] whole = Files.readAllBytes(journal);
        byte[] torn = java.util.Arrays.copyOf(whole, whole.length + 10);
        Files.write(journal, torn);
        try (RunningControl again = first.restart(FILE)) {
            assertThat(again.published("shop")).isEqualTo(Map.of("blue", 1, "green", 1));
            assertThat(folder.resolve(".turnout/journal.torn-1")).hasSize(10);
        }
    }

    @Test
    void doesNotLetASwitchWaitForAReloadThatWaitsForNames() throws Exception {
        CountDownLatch nameServer = new CountDownLatch(1);
        Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
        try (RunningControl turnout = RunningControl.start(folder, FILE, names)) {
            turnout.beforeLookup = () -> {
                try {
                    nameServer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
            names.put("backend", List.of(InetAddress.getByName("127.0.0.7")));
            String named = Yaml.split(90, 10).replace("127.0.0.1:9011", "backend:9011");
            CompletableFuture<CommandResult> slow =
                    turnout.control.submit(new Command.Reload(turnout.text(named), ANN));
            assertThat(turnout.weights("shop", Map.of("blue", 1, "green", 2)).generation())
                    .isEqualTo(2);
            CompletableFuture<CommandResult> newer =
                    turnout.control.submit(new Command.Reload(turnout.text(Yaml.split(80, 20)), ANN));
            assertThat(newer.join()).isInstanceOf(Applied.class);
            nameServer.countDown();
            assertThat(slow.join())
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.SUPERSEDED));
            assertThat(turnout.route("shop").desiredWeights()).isEqualTo(Map.of("blue", 80, "green", 20));
        }
    }
}
