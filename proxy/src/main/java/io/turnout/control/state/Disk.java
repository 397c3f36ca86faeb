package io.turnout.control.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** What the journal needs of a file system; a seam for tests of full and failing disks. */
interface Disk {
    /** Opens a file to append to, creating it when it is missing. */
    AppendFile open(Path file) throws IOException;

    /** Puts a file in the place of another in one step: at any moment, either the old or the new one is there whole. */
    void replace(Path file, byte[] content) throws IOException;

    /** A file that only grows, but for tails that are cut off. Confined to one thread. */
    interface AppendFile extends Closeable {
        /** Adds at the end. */
        void append(byte[] bytes) throws IOException;

        /** Returns when what was added would survive a power cut. */
        void sync() throws IOException;

        /** Cuts off all but the first bytes. */
        void truncate(long bytes) throws IOException;
    }
}
