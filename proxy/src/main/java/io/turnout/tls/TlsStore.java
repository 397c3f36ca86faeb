package io.turnout.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is made of certificate files, kept in step with them.
 *
 * <p>Safe for any thread. Its own thread, {@code tls-files}, looks at the files every second: a certificate is replaced
 * by moving links, by writing over it or by renaming, on file systems of which not all tell. What it finds there is
 * taken into use when it is whole, else what is in use stays. Connections that are open notice neither.
 */
public final class TlsStore implements TlsHandles, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsStore.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Supplier<TlsProvider> provider;
    private final InstantSource clock;
    private final Map<Object, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Object lookLock = new Object();
    private @Nullable Thread thread;
    private volatile boolean closing;

    /**
     * Follows nothing yet.
     *
     * @param provider asked when there is the first TLS to do: loading one takes time
     */
    public TlsStore(Supplier<TlsProvider> provider, InstantSource clock) {
        this.provider = provider;
        this.clock = clock;
    }

    /** What is known about the files of one handle; guarded by {@link #lookLock}. */
    private static final class Entry {
        final Followed followed;
        Map<String, String> seen = Map.of();
        Map<String, String> failing = Map.of();
        boolean loaded;
        volatile @Nullable String problem;

        Entry(Followed followed) {
            this.followed = followed;
        }
    }

    /**
     * How one handle is doing.
     *
     * @param owner listener or pool
     * @param certificates shown to clients; empty for a pool
     * @param handshakes with the endpoints of a pool; null for a listener
     * @param problem why the files as they are now are not in use, or null when they are
     */
    public record Condition(
            String owner,
            List<ServerCertificate> certificates,
            ClientTls.@Nullable Counts handshakes,
            @Nullable String problem) {
        public Condition {
            certificates = List.copyOf(certificates);
        }
    }

    @Override
    public ServerTls server(ServerTlsSpec spec) {
        return (ServerTls) handle(spec, key -> new ServerTls(spec, provider.get()));
    }

    @Override
    public ClientTls client(ClientTlsSpec spec) {
        return (ClientTls) handle(spec, key -> new ClientTls(spec, provider.get()));
    }

    private Followed handle(Object spec, Function<Object, Followed> maker) {
        synchronized (lookLock) {
            Entry known = entries.get(spec);
            if (known != null) {
                return known.followed;
            }
            Entry entry = new Entry(maker.apply(spec));
            entries.put(spec, entry);
            entry.seen = fingerprints(entry.followed.files());
            load(entry);
            follow();
            return entry.followed;
        }
    }

    /** Forgets what is made of other specs than these. */
    public void keepOnly(Collection<?> specs) {
        synchronized (lookLock) {
            entries.keySet().retainAll(specs);
        }
    }

    private void follow() {
        if (thread == null && !closing) {
            Thread looking = new Thread(this::run, "tls-files");
            looking.setDaemon(true);
            thread = looking;
            looking.start();
        }
    }

    private void run() {
        while (!closing) {
            try {
                Thread.sleep(LOOK_MILLIS);
                look();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("bug: looking at certificate files failed", e);
            }
        }
    }

    /** Looks at all files now; what has changed is taken into use when this returns, if it is good. */
    public void look() {
        synchronized (lookLock) {
            entries.values().forEach(this::look);
        }
    }

    private void look(Entry entry) {
        entry.followed.onTick(System.nanoTime());
        Map<String, String> now = fingerprints(entry.followed.files());
        if (!now.equals(entry.seen)) {
            entry.seen = now;
            load(entry);
        } else if (now.equals(entry.failing)) {
            // Certificate and key are often written one after the other: what fails twice unchanged is meant so.
            entry.failing = Map.of();
            report(entry);
        }
    }

    private void load(Entry entry) {
        try {
            entry.followed.load(clock.instant(), System.nanoTime());
            applied.incrementAndGet();
            if (entry.loaded) {
                LOG.info("{}: the certificate files have changed and are in use", entry.followed.owner());
            }
            entry.loaded = true;
            entry.problem = null;
            entry.failing = Map.of();
        } catch (TlsFileException e) {
            entry.problem = String.valueOf(e.getMessage());
            entry.failing = entry.seen;
        }
    }

    private void report(Entry entry) {
        refused.incrementAndGet();
        LOG.warn("{}: what was in use stays: {}", entry.followed.owner(), entry.problem);
    }

    /** Cheap to take and different after every way of replacing a file that we know of. */
    private static Map<String, String> fingerprints(List<String> files) {
        Map<String, String> prints = new HashMap<>();
        for (String file : files) {
            prints.put(file, fingerprint(Path.of(file)));
        }
        return prints;
    }

    private static String fingerprint(Path file) {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes now = Files.readAttributes(real, BasicFileAttributes.class);
            return real + " " + now.fileKey() + " " + now.lastModifiedTime() + " " + now.size();
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    /** How each handle is doing. */
    public List<Condition> conditions() {
        List<Condition> conditions = new ArrayList<>();
        for (Entry entry : entries.values()) {
            ServerCertificates shown = entry.followed instanceof ServerTls server ? server.current() : null;
            ClientTls.Counts handshakes = entry.followed instanceof ClientTls client ? client.counts() : null;
            conditions.add(new Condition(
                    entry.followed.owner(), shown == null ? List.of() : shown.all(), handshakes, entry.problem));
        }
        conditions.sort(java.util.Comparator.comparing(Condition::owner));
        return conditions;
    }

    /** Who does the cryptography. */
    public TlsProvider provider() {
        return provider.get();
    }

    /** How often files were taken into use, the first time included. */
    public long applied() {
        return applied.get();
    }

    /** How often changed files were refused. */
    public long refused() {
        return refused.get();
    }

    @Override
    public void close() {
        closing = true;
        Thread looking;
        synchronized (lookLock) {
            looking = thread;
        }
        if (looking != null) {
            looking.interrupt();
        }
    }
}
