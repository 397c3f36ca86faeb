package io.turnout.source;

import io.turnout.control.Cause;
import io.turnout.control.Command;
import io.turnout.control.CommandResult;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.ConfigText;
import io.turnout.control.DesiredSource;
import io.turnout.control.state.Failures;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a configuration file and submits each new content.
 *
 * <p>{@link #read} is safe for any thread; all else happens on the thread of its own, {@code file-source}.
 */
public final class FileSource implements DesiredSource, AutoCloseable {
    /*
     * No single signal tells of every change. A mounted ConfigMap swaps a link beside the file, a link may be changed far
     * from the file, and network file systems send no events at all. So events of all folders on the way are only a reason
     * to look at once; apart from them the fingerprint is taken every second. What decides is the content.
     *
     * A fingerprint can miss a second write of equal length within one tick of the file system's clock. Therefore a file
     * is read again as long as it is young.
     */
    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

    private static final long LOOK_MILLIS = 1_000;

    /** Editors write in several steps; a change counts when the folder has been quiet for this long. */
    private static final long QUIET_MILLIS = 50;

    /** But a folder that is never quiet must not hide the file. */
    private static final int MAX_QUIET_WAITS = 10;

    /** Writers may still be at a file this young: it is read until two readings agree. */
    private static final Duration UNSETTLED = Duration.ofMillis(100);

    /** A file truncated to be written anew; longer empty, it is meant. */
    private static final Duration EMPTY_UNSETTLED = Duration.ofSeconds(1);

    private static final long REREAD_MILLIS = 25;
    private static final int MAX_READS = 60;

    /** As long as the coarsest clock of a file system. */
    private static final Duration YOUNG = Duration.ofSeconds(2);

    /** Longer gone than between the two steps of an editor that deletes and writes anew. */
    private static final int LOOKS_UNTIL_MISSING = 2;

    private final ConfigFile file;
    private final Function<Command, CompletableFuture<CommandResult>> submit;
    private final InstantSource clock;
    private final FolderWatch watch = new FolderWatch();
    private final Thread thread;
    private volatile boolean closing;

    private @Nullable Fingerprint fingerprint;
    private boolean young = true;
    private int looksMissing;
    private @Nullable String submittedHash;
    private @Nullable String reportedFailure;

    /**
     * Follows nothing before {@link #start}.
     *
     * @param started what is in force already, as read by {@link #readNow}
     * @param submit takes commands, usually {@code Control.submit}
     */
    public FileSource(
            Path path,
            ConfigText started,
            Function<Command, CompletableFuture<CommandResult>> submit,
            InstantSource clock) {
        file = new ConfigFile(path);
        this.submit = submit;
        this.clock = clock;
        submittedHash = started.hash();
        thread = new Thread(this::run, "file-source");
        thread.setDaemon(true);
    }

    /**
     * Reads a configuration file once.
     *
     * @throws IOException with a message that names the file and says why it cannot be read
     */
    public static ConfigText readNow(Path path) throws IOException {
        ConfigFile file = new ConfigFile(path);
        try {
            return file.text(file.bytes());
        } catch (IOException e) {
            throw new IOException(path + ": " + Failures.text(e), e);
        }
    }

    @Override
    public ConfigText read() throws IOException {
        return readNow(file.path());
    }

    /** Begins to follow the file. Once. */
    public void start() {
        watch.follow(LinkChain.folders(file.path()));
        thread.start();
    }

    private void run() {
        while (!closing) {
            try {
                lookOnce();
                if (watch.await(LOOK_MILLIS)) {
                    awaitQuiet();
                }
            } catch (ClosedWatchServiceException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("bug: looking at {} failed", file.name(), e);
            }
        }
    }

    private void awaitQuiet() throws InterruptedException {
        int waits = 0;
        while (watch.await(QUIET_MILLIS) && waits < MAX_QUIET_WAITS) {
            waits++;
        }
    }

    private void lookOnce() throws InterruptedException {
        try {
            look();
        } catch (IOException e) {
            onFailure(Failures.text(e));
        }
    }

    private void look() throws IOException, InterruptedException {
        Fingerprint now = Fingerprint.of(file.path());
        if (now == null) {
            onMissing();
            return;
        }
        looksMissing = 0;
        if (now.equals(fingerprint) && !young && reportedFailure == null) {
            return;
        }
        watch.follow(LinkChain.folders(file.path()));
        fingerprint = now;
        byte[] bytes = settled(now);
        young = age(now).compareTo(YOUNG) < 0;
        onContent(file.text(bytes));
    }

    private void onMissing() {
        fingerprint = null;
        watch.follow(LinkChain.folders(file.path()));
        looksMissing++;
        if (looksMissing >= LOOKS_UNTIL_MISSING) {
            onFailure("no such file or directory");
        }
    }

    /** The file's content when nobody seems to be writing it. */
    private byte[] settled(Fingerprint seen) throws IOException, InterruptedException {
        byte[] bytes = file.bytes();
        Fingerprint latest = seen;
        for (int reads = 1; reads < MAX_READS && isUnsettled(latest, bytes); reads++) {
            watch.await(REREAD_MILLIS);
            byte[] again = file.bytes();
            Fingerprint now = Fingerprint.of(file.path());
            boolean agree = Arrays.equals(bytes, again) && again.length > 0;
            bytes = again;
            latest = now == null ? latest : now;
            if (agree) {
                break;
            }
        }
        return bytes;
    }

    private boolean isUnsettled(Fingerprint latest, byte[] bytes) {
        Duration limit = bytes.length == 0 ? EMPTY_UNSETTLED : UNSETTLED;
        return age(latest).compareTo(limit) < 0;
    }

    /** Never negative: a file from the future is as young as can be. */
    private Duration age(Fingerprint seen) {
        Instant now = clock.instant();
        return seen.modified().isAfter(now) ? Duration.ZERO : Duration.between(seen.modified(), now);
    }

    private void onContent(ConfigText text) {
        String hash = text.hash();
        if (hash.equals(submittedHash) && reportedFailure == null) {
            return;
        }
        if (reportedFailure != null) {
            LOG.info("{} can be read again", file.name());
            reportedFailure = null;
        }
        submittedHash = hash;
        submit(new Command.Reload(text, Cause.of("file", Cause.FILE)));
    }

    /** Said once for each reason; the world in force stays. */
    private void onFailure(String why) {
        if (why.equals(reportedFailure)) {
            return;
        }
        reportedFailure = why;
        submit(new Command.ReportUnreadable(file.name(), why, Cause.of("file", Cause.FILE)));
    }

    private void submit(Command command) {
        CommandResult result = submit.apply(command).join();
        if (result instanceof Refused refused && refused.kind() == Kind.BUSY) {
            // Not looked at yet, so it is not done with.
            submittedHash = null;
            reportedFailure = null;
            young = true;
        }
    }

    /** Stops following. */
    @Override
    public void close() {
        closing = true;
        try {
            watch.close();
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (IOException e) {
            LOG.warn("closing the watch on {}: {}", file.name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
