package io.turnout.control.state;

import io.turnout.control.state.Disk.AppendFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of records, each of which is on disk before it is acknowledged. Confined to the control thread.
 *
 * <p>A process may die, and a disk fill up, at any byte: what is found later is always a prefix of what was appended, and
 * it holds every record that was acknowledged.
 */
final class Journal implements Closeable {
    private final Path path;
    private final Disk disk;
    private @Nullable AppendFile file;
    private long wholeBytes;

    private Journal(Path path, Disk disk, AppendFile file, long wholeBytes) {
        this.path = path;
        this.disk = disk;
        this.file = file;
        this.wholeBytes = wholeBytes;
    }

    /**
     * A journal and what it held.
     *
     * @param payloads of every record before the first that is torn or corrupt
     * @param torn where the rest has been put, or null if there was none
     * @param tornBytes length of the rest
     */
    record Opened(
            Journal journal,
            List<byte[]> payloads,
            @Nullable Path torn,
            long tornBytes) {}

    /** Opens the journal, creating it when it is missing, and cuts off what no longer makes sense. */
    static Opened open(Path path, Disk disk) throws IOException {
        byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        JournalFrames.Scan scan = JournalFrames.scan(bytes);
        int whole = scan.wholeBytes();
        Path torn = whole == bytes.length ? null : keep(path, disk, Arrays.copyOfRange(bytes, whole, bytes.length));
        AppendFile file = disk.open(path);
        try {
            if (torn != null) {
                file.truncate(whole);
                file.sync();
            }
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return new Opened(new Journal(path, disk, file, whole), scan.payloads(), torn, bytes.length - (long) whole);
    }

    /** Puts the rest aside under a name of its own: somebody may want to know what was lost. */
    private static Path keep(Path path, Disk disk, byte[] rest) throws IOException {
        int number = 1;
        Path aside = path.resolveSibling(path.getFileName() + ".torn-" + number);
        while (Files.exists(aside)) {
            number++;
            aside = path.resolveSibling(path.getFileName() + ".torn-" + number);
        }
        disk.replace(aside, rest);
        return aside;
    }

    /** Bytes of all whole records. */
    long bytes() {
        return wholeBytes;
    }

    /** Whether records can be appended; if not, {@link #rewrite} may mend it. */
    boolean isSound() {
        return file != null;
    }

    /**
     * Adds a record.
     *
     * @throws IOException if it cannot be kept for sure; it is not there then
     */
    void append(byte[] payload) throws IOException {
        AppendFile open = file;
        if (open == null) {
            throw new IOException("the journal is not sound since an earlier failure");
        }
        byte[] frame = JournalFrames.frame(payload);
        try {
            open.append(frame);
            open.sync();
            wholeBytes += frame.length;
        } catch (IOException e) {
            cutTail(open, e);
            throw e;
        }
    }

    /** A record that was refused must not be found after a restart. If it cannot be cut off, nothing may follow it. */
    private void cutTail(AppendFile open, IOException cause) {
        try {
            open.truncate(wholeBytes);
            open.sync();
        } catch (IOException e) {
            cause.addSuppressed(e);
            file = null;
            closeQuietly(open, cause);
        }
    }

    /** Puts one record in the place of all others, in one step. */
    void rewrite(byte[] payload) throws IOException {
        byte[] frame = JournalFrames.frame(payload);
        disk.replace(path, frame);
        AppendFile before = file;
        file = null;
        if (before != null) {
            closeQuietly(before, new IOException());
        }
        file = disk.open(path);
        wholeBytes = frame.length;
    }

    /** The file behind it is given up in any case; a failure to close it takes nothing from what is on disk. */
    private static void closeQuietly(AppendFile open, IOException cause) {
        try {
            open.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        AppendFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
