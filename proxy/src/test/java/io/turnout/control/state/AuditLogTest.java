package io.turnout.control.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.adminapi.AuditEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
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
                "switch",
                "route shop",
                "blue 100",
                "green 100",
                "line\nbreak",
                id + 1,
                null);
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
            assertThat(log.last(2)).containsExactly(entry(AuditLog.RECENT + 5), entry(AuditLog.RECENT + 4));
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
            assertThat(log.last(10)).containsExactly(entry(2), entry(1));
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
            assertThat(log.last(10)).containsExactly(entry(1));
            log.add(entry(2));
        }
        assertThat(Files.readAllLines(file())).hasSize(3);
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            assertThat(log.last(10)).containsExactly(entry(2), entry(1));
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
            assertThat(log.last(10)).containsExactly(entry(2), entry(1));
        }
        try (AuditLog log = open(LocalDisk.INSTANCE, Long.MAX_VALUE)) {
            assertThat(log.last(10)).containsExactly(entry(2));
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
            assertThat(log.last(1)).containsExactly(entry(100));
            assertThat(log.nextId()).isEqualTo(101);
        }
    }
}
