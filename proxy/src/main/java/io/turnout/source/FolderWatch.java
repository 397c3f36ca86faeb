package io.turnout.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes its thread when something happens in folders. A hint, no more: what happened must be looked up, and things happen
 * that no event tells of.
 *
 * <p>Confined to one thread, but for {@link #close}.
 */
final class FolderWatch implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final @Nullable WatchService service;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A watch over no folder. Where the platform has no watches left, it only waits. */
    FolderWatch() {
        service = open();
    }

    private static @Nullable WatchService open() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            LOG.warn("the platform gives no file events, so changes are found by looking alone: {}", e.getMessage());
            return null;
        }
    }

    /** Watches exactly these folders from now on; those that cannot be watched are left out. */
    void follow(Set<Path> folders) {
        WatchService open = service;
        if (open == null) {
            return;
        }
        for (Path gone : new HashSet<>(keys.keySet())) {
            WatchKey key = keys.get(gone);
            // A folder that was removed and made again is another one: its key has become invalid.
            if (key != null && (!folders.contains(gone) || !key.isValid())) {
                key.cancel();
                keys.remove(gone);
            }
        }
        folders.stream().filter(folder -> !keys.containsKey(folder)).forEach(folder -> register(folder, open));
    }

    private void register(Path folder, WatchService open) {
        try {
            keys.put(
                    folder,
                    folder.register(
                            open,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE));
        } catch (IOException e) {
            LOG.debug("{} cannot be watched: {}", folder, e.getMessage());
        }
    }

    /** Waits until something happened, at most this long; whether something did. */
    boolean await(long millis) throws InterruptedException {
        WatchService open = service;
        if (open == null) {
            closed.await(millis, TimeUnit.MILLISECONDS);
            return false;
        }
        WatchKey key = open.poll(millis, TimeUnit.MILLISECONDS);
        boolean happened = key != null;
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = open.poll();
        }
        return happened;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        if (service != null) {
            service.close();
        }
    }
}
