package io.turnout.control.state;

import io.turnout.audit.AuditFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which run-time decisions survive, held by one process at a time.
 *
 * <p>Safe for any thread: only its open lock changes, when it is closed.
 */
public final class StateFolder implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    /** Octets of the secret by which visitor ids are minted. */
    public static final int SECRET_BYTES = 16;

    private final Path folder;
    private final FileChannel lock;

    private StateFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Creates the folder when it is missing, readable by its owner only, and locks it.
     *
     * @throws StateException if it cannot be written, or another process has it
     */
    public static StateFolder open(Path folder) throws StateException {
        try {
            Files.createDirectories(folder.toAbsolutePath(), LocalDisk.ownerOnly("rwx------"));
            return new StateFolder(folder, lock(folder));
        } catch (IOException e) {
            throw new StateException(
                    "state folder " + folder + " cannot be written: " + Failures.text(e)
                            + "; state.path names another one",
                    e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException, StateException {
        Path file = folder.resolve("lock");
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                LocalDisk.ownerOnly("rw-------"));
        try {
            if (tryLock(channel) == null) {
                throw new StateException("state folder " + folder + " is in use by another process" + holder(channel)
                        + "; give each its own by state.path");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException | StateException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process, which is no better
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        channel.read(content, 0);
        String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
        return pid.isEmpty() ? "" : " (" + pid + ")";
    }

    /** Where it is, as configured. */
    public Path path() {
        return folder;
    }

    Path journal() {
        return folder.resolve("journal");
    }

    Path audit() {
        return folder.resolve(AuditFiles.NAME);
    }

    /**
     * The secret by which visitor ids are minted: made once, and the same ever after, so that a restart moves no visitor.
     *
     * @return {@link #SECRET_BYTES} octets, the caller's to keep
     * @throws StateException if it can be neither read nor written
     */
    public byte[] visitorSecret() throws StateException {
        Path file = folder.resolve("visitor.secret");
        try {
            if (Files.exists(file)) {
                byte[] kept = Files.readAllBytes(file);
                if (kept.length == SECRET_BYTES) {
                    return kept;
                }
                LOG.warn(
                        "{} holds {} bytes, expected {}: a new secret is made, and visitors that only have a minted id"
                                + " may change sides once",
                        file,
                        kept.length,
                        SECRET_BYTES);
            }
            byte[] made = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(made);
            LocalDisk.INSTANCE.replace(file, made);
            return made;
        } catch (IOException e) {
            throw new StateException("secret " + file + " cannot be used: " + Failures.text(e), e);
        }
    }

    /** Lets other processes have the folder. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
