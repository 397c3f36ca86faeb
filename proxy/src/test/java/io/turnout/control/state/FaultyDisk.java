package io.turnout.control.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The machine's disk, with failures on demand. */
final class FaultyDisk implements Disk {
    /** Bytes that still fit; an append beyond writes what fits and fails, as a full disk does. */
    long roomBytes = Long.MAX_VALUE;

    boolean failsToSync;
    boolean failsToTruncate;
    boolean failsToReplace;
    int replacements;

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
