package io.turnout.control.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.snapshot.Overlay.EndpointId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long NEVER_COMPACT = Long.MAX_VALUE;

    @TempDir
    Path folder;

    private static Change laid(String route, int canary) {
        return new Change.OverrideLaid(
                route,
                new RouteOverride(
                        RouteOverride.Kind.WEIGHTS,
                        Map.of("blue", 100 - canary, "green", canary),
                        Map.of("blue", 100, "green", 0),
                        "ann",
                        "api",
                        "trying \"it\"\nout",
                        NOW,
                        NOW.plusSeconds(60),
                        List.of(),
                        null));
    }

    private StateStore open(Disk disk, long compactBytes) throws StateException {
        return StateStore.open(folder.resolve("journal"), disk, compactBytes);
    }

    private StateStore open() throws StateException {
        return open(LocalDisk.INSTANCE, NEVER_COMPACT);
    }

    @Test
    void isWhatItWasAfterReopening() throws Exception {
        RunState before;
        try (StateStore store = open()) {
            assertThat(store.state()).isEqualTo(RunState.NONE);
            store.commit(1, NOW, List.of(laid("shop", 10), laid("blog", 20)));
            store.commit(2, NOW, List.of(new Change.EndpointDrained("blue", "127.0.0.1:1")));
            store.commit(3, NOW, List.of(new Change.OverrideEnded("blog"), laid("shop", 30)));
            store.commit(4, NOW, List.of(new Change.EndpointDrained("blue", "127.0.0.1:2")));
            store.commit(5, NOW, List.of(new Change.EndpointResumed("blue", "127.0.0.1:1")));
            before = store.state();
        }
        try (StateStore store = open()) {
            assertThat(store.state()).isEqualTo(before);
            assertThat(store.state().generation()).isEqualTo(5);
            assertThat(store.state().overrides()).containsOnlyKeys("shop");
            assertThat(store.state().overlay().weights()).containsEntry("shop", Map.of("blue", 70, "green", 30));
            assertThat(store.state().drained()).containsExactly(new EndpointId("blue", "127.0.0.1:2"));
        }
    }

    @Test
    void keepsTheStateWhileTheJournalIsMadeShorter() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        RunState before;
        try (StateStore store = open(disk, 2_000)) {
            for (int i = 1; i <= 100; i++) {
                store.commit(i, NOW, List.of(laid("shop", i)));
            }
            before = store.state();
        }
        assertThat(disk.replacements).isBetween(1, 60);
        assertThat(Files.size(folder.resolve("journal"))).isLessThan(4_000);
        try (StateStore store = open()) {
            assertThat(store.state()).isEqualTo(before);
        }
    }

    @Test
    void goesOnWithTheLongJournalWhenItCannotBeMadeShorter() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        disk.failsToReplace = true;
        RunState before;
        try (StateStore store = open(disk, 100)) {
            store.commit(1, NOW, List.of(laid("shop", 1)));
            store.commit(2, NOW, List.of(laid("shop", 2)));
            before = store.state();
        }
        try (StateStore store = open()) {
            assertThat(store.state()).isEqualTo(before);
        }
    }

    @Test
    void isAsBeforeWhenTheDiskIsFull() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (StateStore store = open(disk, NEVER_COMPACT)) {
            store.commit(1, NOW, List.of(laid("shop", 1)));
            RunState before = store.state();
            disk.roomBytes = 20;
            assertThatThrownBy(() -> store.commit(2, NOW, List.of(laid("shop", 2))))
                    .isInstanceOf(IOException.class);
            assertThat(store.state()).isEqualTo(before);
            try (StateStore restarted = open()) {
                assertThat(restarted.state()).isEqualTo(before);
            }
        }
    }

    @Test
    void mendsAJournalWithADamagedTailBeforeTheNextCommit() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        RunState after;
        try (StateStore store = open(disk, NEVER_COMPACT)) {
            store.commit(1, NOW, List.of(laid("shop", 1)));
            disk.roomBytes = 20;
            disk.failsToTruncate = true;
            assertThatThrownBy(() -> store.commit(2, NOW, List.of(laid("shop", 2))))
                    .isInstanceOf(IOException.class);
            disk.roomBytes = Long.MAX_VALUE;
            store.commit(2, NOW, List.of(laid("blog", 3)));
            after = store.state();
        }
        try (StateStore store = open()) {
            assertThat(store.state()).isEqualTo(after);
            assertThat(store.state().overrides()).containsOnlyKeys("shop", "blog");
        }
    }

    @Test
    void countsAGenerationThatCannotBeJournaled() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (StateStore store = open(disk, NEVER_COMPACT)) {
            store.commit(1, NOW, List.of(laid("shop", 1)));
            disk.roomBytes = 0;
            store.advance(2, NOW, List.of());
            assertThat(store.state().generation()).isEqualTo(2);
            assertThat(store.state().overrides()).containsOnlyKeys("shop");
        }
    }

    @Test
    void writesWhatCouldNotBeJournaledWithTheNextCommit() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (StateStore store = open(disk, NEVER_COMPACT)) {
            store.commit(1, NOW, List.of(laid("shop", 1)));
            disk.roomBytes = 0;
            assertThat(store.advance(2, NOW, List.of(laid("blog", 2)))).isFalse();
            assertThat(store.state().overrides()).containsOnlyKeys("shop", "blog");
            disk.roomBytes = Long.MAX_VALUE;
            store.commit(3, NOW, List.of());
        }
        try (StateStore store = open()) {
            assertThat(store.state().overrides()).containsOnlyKeys("shop", "blog");
        }
    }

    @Test
    void leavesOutWhatANewerVersionWroteAndKeepsTheRest() throws Exception {
        try (Journal journal =
                Journal.open(folder.resolve("journal"), LocalDisk.INSTANCE).journal()) {
            journal.append(
                    JournalJson.write(new JournalEntry(1, NOW, JournalEntry.Start.BEFORE, List.of(laid("shop", 5)))));
            journal.append(("{\"generation\":2,\"time\":\"2026-03-01T12:00:00Z\",\"whole\":false,\"changes\":["
                            + "{\"kind\":\"teleported\",\"route\":\"shop\"},"
                            + "{\"kind\":\"overrideLaid\",\"route\":\"broken\"},"
                            + "{\"kind\":\"endpointDrained\",\"pool\":\"blue\",\"address\":\"a:1\",\"since\":3}]}")
                    .getBytes(StandardCharsets.UTF_8));
            journal.append("no json".getBytes(StandardCharsets.UTF_8));
            journal.append("[1]".getBytes(StandardCharsets.UTF_8));
        }
        try (StateStore store = open()) {
            assertThat(store.state().generation()).isEqualTo(2);
            assertThat(store.state().overrides()).containsOnlyKeys("shop");
            assertThat(store.state().drained()).containsExactly(new EndpointId("blue", "a:1"));
        }
    }

    @Test
    void startsEmptyWhenTheWholeJournalIsGarbage() throws Exception {
        Files.writeString(folder.resolve("journal"), "rubbish\n");
        try (StateStore store = open()) {
            assertThat(store.state()).isEqualTo(RunState.NONE);
        }
        assertThat(folder.resolve("journal.torn-1")).hasContent("rubbish\n");
    }
}
