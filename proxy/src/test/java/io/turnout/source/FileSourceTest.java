package io.turnout.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.turnout.control.Command;
import io.turnout.control.CommandResult;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileSourceTest {
    @TempDir
    Path folder;

    /** What was submitted: texts of reloads, and reasons in angle brackets. */
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private final List<CommandResult> answers = new CopyOnWriteArrayList<>();
    private @Nullable FileSource source;

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
    }

    private FileSource follow(Path file) throws IOException {
        FileSource following = new FileSource(file, FileSource.readNow(file), this::submit, InstantSource.system());
        source = following;
        following.start();
        return following;
    }

    private CompletableFuture<CommandResult> submit(Command command) {
        if (command instanceof Command.Reload reload) {
            seen.add(reload.text().yaml());
        } else if (command instanceof Command.ReportUnreadable report) {
            seen.add("<" + report.why() + ">");
        }
        CommandResult answer = answers.isEmpty() ? new Applied(1, true, "done", List.of()) : answers.remove(0);
        return CompletableFuture.completedFuture(answer);
    }

    private void awaitSeen(String... texts) {
        await().untilAsserted(() -> assertThat(seen).containsExactly(texts));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("turnout.yaml"), text);
    }

    /** An editor's way: write beside, rename over. */
    private static void renameOver(Path file, String text) throws IOException {
        Path beside = Files.writeString(file.resolveSibling(".swp"), text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Swaps a link in one step, as kubelet and git-sync do. */
    private static void swapLink(Path link, Path target) throws IOException {
        Path beside = Files.createSymbolicLink(link.resolveSibling(link.getFileName() + "_tmp"), target);
        Files.move(beside, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void submitsNothingForTheContentItStartedWith() throws Exception {
        Path file = file("one");
        follow(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        renameOver(file, "one");
        renameOver(file, "two");
        awaitSeen("two");
    }

    @Test
    void seesEditsInPlace() throws Exception {
        Path file = file("one");
        follow(file);
        Files.writeString(file, "two");
        awaitSeen("two");
        Files.writeString(file, " and three", StandardOpenOption.APPEND);
        awaitSeen("two", "two and three");
    }

    @Test
    void seesFilesRenamedOver() throws Exception {
        Path file = file("one");
        follow(file);
        renameOver(file, "two");
        awaitSeen("two");
        renameOver(file, "three");
        awaitSeen("two", "three");
        Files.writeString(file, "four");
        awaitSeen("two", "three", "four");
    }

    @Test
    void seesALinkThatIsSwapped() throws Exception {
        Path first = Files.writeString(folder.resolve("first.yaml"), "one");
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path second = Files.writeString(elsewhere.resolve("second.yaml"), "two");
        Path link = Files.createSymbolicLink(folder.resolve("turnout.yaml"), first);
        follow(link);
        swapLink(link, second);
        awaitSeen("two");
        Files.writeString(second, "three");
        awaitSeen("two", "three");
    }

    @Test
    void seesAnEditBehindALink() throws Exception {
        Path real = Files.writeString(
                Files.createDirectories(folder.resolve("real")).resolve("file.yaml"), "one");
        Path link = Files.createSymbolicLink(folder.resolve("turnout.yaml"), real);
        follow(link);
        Files.writeString(real, "two");
        awaitSeen("two");
        renameOver(real, "three");
        awaitSeen("two", "three");
    }

    @Test
    void seesAConfigMapThatIsSwapped() throws Exception {
        Path old = Files.createDirectories(folder.resolve("..2026_01"));
        Files.writeString(old.resolve("turnout.yaml"), "one");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
        Path file = Files.createSymbolicLink(folder.resolve("turnout.yaml"), Path.of("..data/turnout.yaml"));
        follow(file);
        for (String text : List.of("two", "three")) {
            Path fresh = Files.createDirectories(folder.resolve("..2026_" + text));
            Files.writeString(fresh.resolve("turnout.yaml"), text);
            swapLink(data, fresh.getFileName());
            await().untilAsserted(() -> assertThat(seen).endsWith(text));
        }
        assertThat(seen).containsExactly("two", "three");
    }

    @Test
    void seesAFolderOnTheWayThatIsSwapped() throws Exception {
        Path a = Files.createDirectories(folder.resolve("rev-a/conf"));
        Path b = Files.createDirectories(folder.resolve("rev-b/conf"));
        Files.writeString(a.resolve("turnout.yaml"), "one");
        Files.writeString(b.resolve("turnout.yaml"), "two");
        Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("rev-a"));
        follow(current.resolve("conf/turnout.yaml"));
        swapLink(current, Path.of("rev-b"));
        awaitSeen("two");
    }

    @Test
    void keepsTheWorldWhileTheFileIsGoneAndSaysSoOnce() throws Exception {
        Path file = file("one");
        follow(file);
        Files.delete(file);
        awaitSeen("<no such file or directory>");
        Files.writeString(file, "one");
        awaitSeen("<no such file or directory>", "one");
        Files.writeString(file, "two");
        awaitSeen("<no such file or directory>", "one", "two");
    }

    @Test
    void saysNothingOfAFileThatIsGoneForAMoment() throws Exception {
        Path file = file("one");
        follow(file);
        for (int i = 0; i < 5; i++) {
            Files.delete(file);
            Files.writeString(file, "text " + i);
            int number = i;
            await().untilAsserted(() -> assertThat(seen).endsWith("text " + number));
        }
        assertThat(seen).containsExactly("text 0", "text 1", "text 2", "text 3", "text 4");
    }

    @Test
    void seesAFileInAFolderThatWasMadeAnew() throws Exception {
        Path inner = Files.createDirectories(folder.resolve("conf"));
        Path file = Files.writeString(inner.resolve("turnout.yaml"), "one");
        follow(file);
        Files.delete(file);
        Files.delete(inner);
        awaitSeen("<no such file or directory>");
        Files.createDirectories(inner);
        Files.writeString(file, "two");
        awaitSeen("<no such file or directory>", "two");
        Files.writeString(file, "three");
        awaitSeen("<no such file or directory>", "two", "three");
    }

    @Test
    void saysOnceThatAFolderIsInThePlaceOfTheFile() throws Exception {
        Path file = file("one");
        follow(file);
        Files.delete(file);
        Files.createDirectory(file);
        await().untilAsserted(() -> assertThat(seen).isNotEmpty());
        assertThat(seen.get(0)).startsWith("<").containsIgnoringCase("directory");
        Files.delete(file);
        Files.writeString(file, "two");
        await().untilAsserted(() -> assertThat(seen).endsWith("two"));
    }

    @Test
    void saysThatTheFileIsNotText() throws Exception {
        Path file = file("one");
        follow(file);
        Files.write(file, new byte[] {'a', (byte) 0xff, 'b'});
        awaitSeen("<it is not UTF-8 text>");
        Files.writeString(file, "two");
        awaitSeen("<it is not UTF-8 text>", "two");
    }

    @Test
    void waitsForAWriterThatHasTruncatedTheFile() throws Exception {
        Path file = file("one");
        follow(file);
        for (int i = 0; i < 20; i++) {
            Files.write(file, new byte[0]);
            Files.writeString(file, "whole " + i);
            int number = i;
            await().untilAsserted(() -> assertThat(seen).endsWith("whole " + number));
        }
        assertThat(seen).hasSize(20).doesNotContain("");
    }

    @Test
    void seesTheLastOfWritesOfEqualLengthInOneTickOfTheClock() throws Exception {
        Path file = file("text 000");
        follow(file);
        for (int i = 1; i <= 200; i++) {
            Files.writeString(file, "text %03d".formatted(i));
        }
        await().untilAsserted(() -> assertThat(seen).endsWith("text 200"));
    }

    @Test
    void submitsAgainWhatControlHadNoRoomFor() throws Exception {
        Path file = file("one");
        follow(file);
        answers.add(Refused.of(Kind.BUSY, "a full mailbox", "room"));
        Files.writeString(file, "two");
        awaitSeen("two", "two");
    }

    @Test
    void leavesARefusedContentAloneUntilItChanges() throws Exception {
        Path file = file("one");
        follow(file);
        answers.add(Refused.of(Kind.INVALID, "x", "y"));
        Files.writeString(file, "two");
        awaitSeen("two");
        Files.writeString(file, "three");
        awaitSeen("two", "three");
    }

    @Test
    void readsOnRequestAndSaysWhatIsWrong() throws Exception {
        Path file = file("one");
        FileSource following = follow(file);
        assertThat(following.read().yaml()).isEqualTo("one");
        assertThat(following.read().base()).isEqualTo(folder);
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> FileSource.readNow(missing))
                .isInstanceOf(IOException.class)
                .hasMessage(missing + ": no such file or directory");
    }
}
