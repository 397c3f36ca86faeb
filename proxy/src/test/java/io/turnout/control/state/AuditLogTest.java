package io.turnout.control.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.adminapi.AuditEntry;
import io.turnout.audit.AuditChain;
import io.turnout.audit.AuditCheck;
import io.turnout.audit.AuditFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path folder;

    private static AuditEntry entry(long id) {
        return new AuditEntry(
                id,
                Instant.parse("2026-03-01T12:00:00Z"),
                "ann",
                "api",
                "203.0.113.9",
                "switch",
                "route shop",
                "blue 100",
                "green 100",
                "line\nbreak",
                "green: worse",
                id + 1,
                null,
                null,
                null);
    }

    /** Without the place in the chain, which is tested by itself. */
    private static List<AuditEntry> last(AuditLog log, int limit) {
        return log.last(limit).stream().map(entry -> entry.sealed(null, null)).toList();
    }

    private Path file() {
        return folder.resolve("audit.jsonl");
    }

    private AuditLog open(Disk disk, long rotateBytes) throws StateException {
        return AuditLog.open(file(), disk, rotateBytes);
    }

    @Test
    void givesTheNewestEntriesFirst() throws Exception {
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            for (int i = 1; i <= AuditLog.RECENT + 5; i++) {
                log.add(entry(i));
            }
            assertThat(last(log, 2)).containsExactly(entry(AuditLog.RECENT + 5), entry(AuditLog.RECENT + 4));
            assertThat(log.last(Integer.MAX_VALUE)).hasSize(AuditLog.RECENT);
            assertThat(log.last(0)).isEmpty();
        }
    }

    @Test
    void goesOnWhereItWasAfterReopening() throws Exception {
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            log.add(entry(log.nextId()));
            log.add(entry(log.nextId()));
        }
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            assertThat(last(log, 10)).containsExactly(entry(2), entry(1));
            assertThat(log.nextId()).isEqualTo(3);
        }
    }

    @Test
    void beginsANewLineAfterATornOne() throws Exception {
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            log.add(entry(1));
        }
        Files.writeString(file(), "{\"id\":2,\"ti", StandardOpenOption.APPEND);
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            assertThat(last(log, 10)).containsExactly(entry(1));
            log.add(entry(2));
        }
        assertThat(Files.readAllLines(file())).hasSize(3);
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            assertThat(last(log, 10)).containsExactly(entry(2), entry(1));
        }
    }

    @Test
    void hasAnEntryAtHandThatDidNotFitOnTheDisk() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (AuditLog log = open(disk, Long.MAX_VALUE)) {
            disk.roomBytes = 5;
            assertThatThrownBy(() -> log.add(entry(1))).isInstanceOf(IOException.class);
            disk.roomBytes = Long.MAX_VALUE;
            log.add(entry(2));
            assertThat(last(log, 10)).containsExactly(entry(2), entry(1));
        }
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            assertThat(last(log, 10)).containsExactly(entry(2));
        }
    }

    @Test
    void putsLongFilesAsideAndKeepsAFew() throws Exception {
        try (AuditLog log = open(LocalDisk.INSTANCE, 1_000)) {
            for (int i = 1; i <= 100; i++) {
                log.add(entry(i));
            }
        }
        List<String> files;
        try (var listed = Files.list(folder)) {
            files = listed.map(path -> path.getFileName().toString()).sorted().toList();
        }
        assertThat(files)
                .containsExactly("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3", "audit.jsonl.4");
        try (AuditLog log = open(LocalDisk.INSTANCE, 1_000)) {
            assertThat(last(log, 1)).containsExactly(entry(100));
            assertThat(log.nextId()).isEqualTo(101);
        }
    }

    private AuditCheck check() throws IOException {
        return AuditFiles.check(file());
    }

    private void rewrite(UnaryOperator<List<String>> edit) throws IOException {
        Files.write(file(), edit.apply(new ArrayList<>(Files.readAllLines(file()))));
    }

    private void writeThree() throws Exception {
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            for (int i = 1; i <= 3; i++) {
                log.add(entry(i));
            }
        }
    }

    @Test
    void tiesEachEntryToTheOneBeforeOverRestartsAndRotation() throws Exception {
        String head = null;
        for (int i = 1; i <= 30; i++) {
            try (AuditLog log = open(LocalDisk.INSTANCE, 4_000)) {
                AuditEntry sealed = log.add(entry(i));
                assertThat(sealed.previous()).isEqualTo(i == 1 ? AuditChain.BEGINNING : head);
                head = sealed.hash();
            }
        }
        AuditCheck check = check();

        assertThat(check.faults()).isEmpty();
        assertThat(check.notes()).isEmpty();
        assertThat(check.head()).isEqualTo(head);
        assertThat(check.entries()).isEqualTo(30);
        assertThat(Files.exists(folder.resolve("audit.jsonl.1"))).isTrue();
    }

    @Test
    void showsAnEntryThatWasChangedRemovedInsertedOrMoved() throws Exception {
        writeThree();
        List<String> good = Files.readAllLines(file());

        rewrite(lines -> List.of(good.get(0), good.get(1).replace("ann", "bob"), good.get(2)));
        assertThat(check().faults())
                .singleElement()
                .asString()
                .startsWith("audit.jsonl:2: ")
                .contains("changed");

        rewrite(lines -> List.of(good.get(0), good.get(2)));
        assertThat(check().faults())
                .singleElement()
                .asString()
                .startsWith("audit.jsonl:2: ")
                .contains("removed");

        rewrite(lines -> List.of(good.get(0), good.get(0), good.get(1), good.get(2)));
        assertThat(check().holds()).isFalse();

        rewrite(lines -> List.of(good.get(1), good.get(0), good.get(2)));
        assertThat(check().holds()).isFalse();

        String unsealed = good.get(1).replaceFirst(",\"previous\".*", "}");
        rewrite(lines -> List.of(good.get(0), unsealed, good.get(2)));
        assertThat(check().holds()).isFalse();
    }

    @Test
    void aTailThatWasCutShowsByAHashKeptElsewhere() throws Exception {
        writeThree();
        String kept = check().head();
        rewrite(lines -> lines.subList(0, 2));

        assertThat(check().holds()).isTrue();
        assertThat(check().contains(kept)).isFalse();
    }

    @Test
    void aTornLineAndAFullDiskAreNoBreakOfTheChain() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (AuditLog log = open(disk, Long.MAX_VALUE)) {
            log.add(entry(1));
            disk.roomBytes = 5;
            assertThatThrownBy(() -> log.add(entry(2))).isInstanceOf(IOException.class);
            disk.roomBytes = Long.MAX_VALUE;
            log.add(entry(3));
        }
        Files.writeString(file(), "{\"id\":4,\"ti", StandardOpenOption.APPEND);
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            log.add(entry(4));
        }
        AuditCheck check = check();

        assertThat(check.faults()).isEmpty();
        assertThat(check.notes()).hasSize(2);
        assertThat(check.entries()).isEqualTo(3);
    }

    @Test
    void goesOnBehindEntriesOfVersionsWithoutAChain() throws Exception {
        Files.writeString(
                file(),
                "{\"id\":7,\"time\":\"2026-03-01T12:00:00Z\",\"actor\":\"ann\",\"source\":\"api\",\"action\":\"switch\","
                        + "\"subject\":\"route shop\",\"before\":null,\"after\":null,\"reason\":null,\"generation\":2,"
                        + "\"commit\":null}\n");
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            assertThat(log.nextId()).isEqualTo(8);
            log.add(entry(8));
        }
        AuditCheck check = check();

        assertThat(check.faults()).isEmpty();
        assertThat(check.unsealed()).isEqualTo(1);
    }
}
