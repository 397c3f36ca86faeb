package io.turnout.control.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The machine's disk, with failures on demand. */
public final class FaultyDisk implements Disk {
    /** Bytes that still fit; an append beyond writes what fits and fails, as a full disk does. */
    public long roomBytes = Long.MAX_VALUE;

    boolean failsToSync;
    boolean failsToTruncate;
    boolean failsToReplace;
    int replacements;

    /** A store on this disk. */
    public StateStore store(Path journal) throws StateException {
        return StateStore.open(journal, this, Long.MAX_VALUE);
    }

    /** An audit on this disk. */
    public AuditLog audit(Path file) throws StateException {
        return AuditLog.open(file, this, Long.MAX_VALUE);
    }

    @Override
    public AppendFile open(Path file) throws IOException {
        AppendFile real = LocalDisk.INSTANCE.open(file);
        return new AppendFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                int fits = (int) Math.min(bytes.length, roomBytes);
                real.append(Arrays.copyOf(bytes, fits));
                roomBytes -= fits;
                if (fits < bytes.length) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void sync() throws IOException {
                if (failsToSync) {
                    throw new IOException("Input/output error");
                }
                real.sync();
            }

            @Override
            public void truncate(long bytes) throws IOException {
                if (failsToTruncate) {
                    throw new IOException("Input/output error");
                }
                real.truncate(bytes);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
        if (failsToReplace) {
            throw new IOException("No space left on device");
        }
        replacements++;
        LocalDisk.INSTANCE.replace(file, content);
    }
}
