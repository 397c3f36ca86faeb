package io.turnout.control.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path folder;

    private static List<String> texts(List<byte[]> payloads) {
        return payloads.stream()
                .map(payload -> new String(payload, StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path file() {
        return folder.resolve("journal");
    }

    private Journal.Opened open() throws IOException {
        return Journal.open(file(), LocalDisk.INSTANCE);
    }

    /** Records of several lengths, with what a header looks like inside, and an empty one. */
    private static List<String> samples() {
        return List.of("{\"a\":1}", "", "0000000a 12345678 {}", "{\"text\":\"" + "x".repeat(300) + "\"}", "ü");
    }

    private byte[] writeSamples(List<Integer> ends) throws IOException {
        try (Journal journal = open().journal()) {
            for (String sample : samples()) {
                journal.append(bytes(sample));
                ends.add((int) journal.bytes());
            }
        }
        return Files.readAllBytes(file());
    }

    @Test
    void givesBackWhatWasAppendedInOrder() throws IOException {
        writeSamples(new ArrayList<>());
        Journal.Opened opened = open();
        assertThat(texts(opened.payloads())).isEqualTo(samples());
        assertThat(opened.torn()).isNull();
        opened.journal().close();
    }

    @Test
    void recoversTheLongestWholePrefixWhenTornAtAnyByte() throws IOException {
        List<Integer> ends = new ArrayList<>();
        byte[] whole = writeSamples(ends);
        for (int cut = 0; cut <= whole.length; cut++) {
            int at = cut;
            int records = (int) ends.stream().filter(end -> end <= at).count();
            int wholeBytes = records == 0 ? 0 : ends.get(records - 1);
            Files.write(file(), Arrays.copyOf(whole, cut));
            Journal.Opened opened = open();
            assertThat(texts(opened.payloads()))
                    .as("cut at %d", cut)
                    .isEqualTo(samples().subList(0, records));
            assertThat(opened.tornBytes()).as("cut at %d", cut).isEqualTo(cut - wholeBytes);
            assertThat(file()).as("cut at %d", cut).hasSize(wholeBytes);
            if (opened.torn() != null) {
                assertThat(opened.torn()).hasBinaryContent(Arrays.copyOfRange(whole, wholeBytes, cut));
                Files.delete(opened.torn());
            }
            opened.journal().append(bytes("next"));
            opened.journal().close();
            Journal.Opened again = open();
            List<String> expected = new ArrayList<>(samples().subList(0, records));
            expected.add("next");
            assertThat(texts(again.payloads()))
                    .as("appended after a cut at %d", cut)
                    .isEqualTo(expected);
            again.journal().close();
        }
    }

    @Test
    void cutsAtTheRecordInWhichAnyByteIsChanged() throws IOException {
        List<Integer> ends = new ArrayList<>();
        byte[] whole = writeSamples(ends);
        for (int position = 0; position < whole.length; position++) {
            int at = position;
            int records = (int) ends.stream().filter(end -> end <= at).count();
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = whole.clone();
                damaged[position] ^= (byte) (1 << bit);
                assertThat(texts(JournalFrames.scan(damaged).payloads()))
                        .as("bit %d of byte %d", bit, position)
                        .isEqualTo(samples().subList(0, records));
            }
        }
    }

    @Test
    void readsAPrefixOfAnyGarbageWithoutFailing() {
        long seed = Long.getLong("prop.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] good = JournalFrames.frame(bytes("good"));
        for (int run = 0; run < 20_000; run++) {
            byte[] garbage = new byte[random.nextInt(80)];
            random.nextBytes(garbage);
            if (random.nextBoolean()) {
                for (int i = 0; i < garbage.length; i++) {
                    garbage[i] = (byte) "0123456789abcdef \n".charAt(random.nextInt(18));
                }
            }
            byte[] file = Arrays.copyOf(good, good.length + garbage.length);
            System.arraycopy(garbage, 0, file, good.length, garbage.length);
            assertThat(texts(JournalFrames.scan(file).payloads()))
                    .as("-Dprop.seed=%d, run %d", seed, run)
                    .containsExactly("good");
        }
    }

    @Test
    void numbersTornTailsSoThatNoneIsOverwritten() throws IOException {
        for (int i = 1; i <= 3; i++) {
            Files.writeString(file(), "torn" + i);
            open().journal().close();
            assertThat(folder.resolve("journal.torn-" + i)).hasContent("torn" + i);
        }
    }

    @Test
    void refusesARecordThatDoesNotFitAndKeepsTheOnesBefore() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        try (Journal journal = Journal.open(file(), disk).journal()) {
            journal.append(bytes("first"));
            disk.roomBytes = 10;
            assertThatThrownBy(() -> journal.append(bytes("second"))).hasMessageContaining("No space left");
            assertThat(journal.isSound()).isTrue();
            disk.roomBytes = Long.MAX_VALUE;
            journal.append(bytes("third"));
        }
        Journal.Opened opened = open();
        assertThat(texts(opened.payloads())).containsExactly("first", "third");
        assertThat(opened.torn()).isNull();
        opened.journal().close();
    }

    @Test
    void takesBackARecordThatCouldNotBeSynced() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        try (Journal journal = Journal.open(file(), disk).journal()) {
            journal.append(bytes("first"));
            disk.failsToSync = true;
            assertThatThrownBy(() -> journal.append(bytes("second"))).isInstanceOf(IOException.class);
        }
        Journal.Opened opened = open();
        assertThat(texts(opened.payloads())).containsExactly("first");
        opened.journal().close();
    }

    @Test
    void appendsNothingBehindATailThatCouldNotBeCutUntilItIsRewritten() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        try (Journal journal = Journal.open(file(), disk).journal()) {
            journal.append(bytes("first"));
            disk.roomBytes = 10;
            disk.failsToTruncate = true;
            assertThatThrownBy(() -> journal.append(bytes("second"))).hasMessageContaining("No space left");
            disk.roomBytes = Long.MAX_VALUE;
            assertThat(journal.isSound()).isFalse();
            assertThatThrownBy(() -> journal.append(bytes("third"))).hasMessageContaining("not sound");
            journal.rewrite(bytes("whole"));
            journal.append(bytes("fourth"));
        }
        Journal.Opened opened = open();
        assertThat(texts(opened.payloads())).containsExactly("whole", "fourth");
        opened.journal().close();
    }
}
