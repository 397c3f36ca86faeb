package io.turnout.control.state;

import io.turnout.adminapi.AuditEntry;
import io.turnout.audit.AuditChain;
import io.turnout.audit.AuditFiles;
import io.turnout.control.state.Disk.AppendFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Who changed what: a file of one JSON object per line, each tied to the one before it by its hash, and the last entries at
 * hand.
 *
 * <p>Entries are added by the control thread only; {@link #last} is safe for any thread, guarded by the monitor of the
 * recent entries.
 */
public final class AuditLog implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    /** Entries at hand. */
    public static final int RECENT = 1_000;

    /** A file this long is put aside, and as many of those are kept. */
    private static final long ROTATE_BYTES = 8 << 20;

    private static final String NO_HASH = ",\"hash\":null}";

    private final Path path;
    private final Disk disk;
    private final long rotateBytes;
    private final Deque<AuditEntry> recent = new ArrayDeque<>();
    private @Nullable AppendFile file;
    private long bytes;
    private boolean midLine;
    private long lastId;
    private String head = AuditChain.BEGINNING;

    private AuditLog(Path path, Disk disk, long rotateBytes) {
        this.path = path;
        this.disk = disk;
        this.rotateBytes = rotateBytes;
    }

    /**
     * Opens the audit and reads the last entries back.
     *
     * @throws StateException if the file can be neither read nor created
     */
    public static AuditLog open(StateFolder folder) throws StateException {
        return open(folder.audit(), LocalDisk.INSTANCE, ROTATE_BYTES);
    }

    static AuditLog open(Path path, Disk disk, long rotateBytes) throws StateException {
        AuditLog log = new AuditLog(path, disk, rotateBytes);
        try {
            log.readBack();
            log.file = disk.open(path);
        } catch (IOException e) {
            throw new StateException("audit " + path + " cannot be used: " + Failures.text(e), e);
        }
        return log;
    }

    private void readBack() throws IOException {
        read(rotated(1));
        midLine = false;
        bytes = read(path);
        AuditEntry newest = recent.peekLast();
        lastId = newest == null ? 0 : newest.id();
        head = newest == null || newest.hash() == null ? AuditChain.BEGINNING : newest.hash();
    }

    private long read(Path from) throws IOException {
        if (!Files.exists(from)) {
            return 0;
        }
        byte[] content = Files.readAllBytes(from);
        int unreadable = 0;
        for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
            AuditEntry entry = parse(line);
            if (entry != null) {
                remember(entry);
            } else if (!line.isBlank()) {
                unreadable++;
            }
        }
        if (unreadable > 0) {
            LOG.warn("audit {} holds {} lines that cannot be read; they stay in the file", from, unreadable);
        }
        midLine = content.length > 0 && content[content.length - 1] != '\n';
        return content.length;
    }

    private static @Nullable AuditEntry parse(String line) {
        try {
            return line.isBlank() ? null : JournalJson.MAPPER.readValue(line, AuditEntry.class);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** The id of the next entry. */
    public long nextId() {
        return lastId + 1;
    }

    /**
     * Adds an entry, tied to the one before it. It is at hand in any case.
     *
     * @return the entry as it stands in the file
     * @throws IOException if it is not in the file for sure
     */
    public AuditEntry add(AuditEntry entry) throws IOException {
        lastId = entry.id();
        AuditEntry open = entry.sealed(head, null);
        String text = JournalJson.MAPPER.writeValueAsString(open);
        if (!text.endsWith(NO_HASH)) {
            throw new AssertionError("the hash is not the last member of " + text);
        }
        String hashed = text.substring(0, text.length() - NO_HASH.length());
        AuditEntry sealed = entry.sealed(head, AuditChain.hash(hashed));
        remember(sealed);
        try {
            write((hashed + ",\"hash\":\"" + sealed.hash() + "\"}").getBytes(StandardCharsets.UTF_8), sealed);
        } catch (IOException e) {
            if (!head.equals(sealed.hash())) {
                forgetThePlaceOf(entry);
            }
            throw e;
        }
        return sealed;
    }

    /** The next entry follows this one from the moment it may stand in the file. */
    private void write(byte[] json, AuditEntry entry) throws IOException {
        AppendFile open = opened();
        byte[] line = line(json);
        try {
            midLine = true;
            open.append(line);
        } catch (IOException e) {
            cutOff(open);
            throw e;
        }
        head = Objects.requireNonNull(entry.hash());
        midLine = false;
        bytes += line.length;
        open.sync();
    }

    /** Half a line, or a whole one that nobody knows of, would be taken for a break of the chain. */
    private void cutOff(AppendFile open) {
        try {
            open.truncate(bytes);
            midLine = false;
        } catch (IOException e) {
            LOG.warn("audit {} ends in the middle of a line: {}", path, Failures.text(e));
        }
    }

    /** Whatever a failure left of the line before, this one stands alone. */
    private byte[] line(byte[] json) {
        int start = midLine ? 1 : 0;
        byte[] line = new byte[start + json.length + 1];
        line[0] = '\n';
        System.arraycopy(json, 0, line, start, json.length);
        line[line.length - 1] = '\n';
        return line;
    }

    private AppendFile opened() throws IOException {
        if (bytes > rotateBytes) {
            rotate();
        }
        AppendFile open = file;
        if (open == null) {
            open = disk.open(path);
            file = open;
        }
        return open;
    }

    private void rotate() throws IOException {
        close();
        for (int i = AuditFiles.KEPT; i >= 1; i--) {
            Path from = i == 1 ? path : rotated(i - 1);
            if (Files.exists(from)) {
                Files.move(from, rotated(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        bytes = 0;
        midLine = false;
    }

    private Path rotated(int number) {
        return AuditFiles.older(path, number);
    }

    private void remember(AuditEntry entry) {
        synchronized (recent) {
            recent.addLast(entry);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
    }

    /** It is not in the file, so it has no place in the chain. */
    private void forgetThePlaceOf(AuditEntry entry) {
        synchronized (recent) {
            recent.removeLast();
            recent.addLast(entry);
        }
    }

    /** The newest entries, newest first, at most {@link #RECENT}. */
    public List<AuditEntry> last(int limit) {
        List<AuditEntry> newestFirst = new ArrayList<>();
        synchronized (recent) {
            Iterator<AuditEntry> entries = recent.descendingIterator();
            while (entries.hasNext() && newestFirst.size() < limit) {
                newestFirst.add(entries.next());
            }
        }
        return newestFirst;
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
