package io.turnout.admin.live;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.StreamEvent;
import io.turnout.control.Control;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all who listen what happens: a snapshot first, then figures each second, and each change and audit entry at once.
 *
 * <p>Confined to the admin thread, which the control thread hands audit entries to and never waits for.
 */
public final class EventStream implements AutoCloseable {
    /** Those who may listen at once. */
    public static final int MAX_CLIENTS = 128;

    private static final int AUDIT_ENTRIES = 50;
    private static final int EVENTS_KEPT = 256;
    private static final int KEEP_ALIVE_TICKS = 15;
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final Control control;
    private final EventExecutor thread;
    private final InstantSource clock;
    private final LiveFigures figures;
    private final EventLog log;
    private final StreamCounts counts = new StreamCounts();
    private final Set<EventClient> clients = new LinkedHashSet<>();
    private final Deque<AuditEntry> audit = new ArrayDeque<>();
    private @Nullable StatusShape shape;
    private byte @Nullable [] snapshot;
    private long ticks;
    private Control.@Nullable Subscription subscription;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * @param thread the admin thread
     */
    public EventStream(Control control, EventExecutor thread, InstantSource clock) {
        this.control = control;
        this.thread = thread;
        this.clock = clock;
        figures = new LiveFigures(control);
        log = new EventLog(EVENTS_KEPT, clock.millis());
    }

    /** Begins to look and to listen. Once; any thread. */
    public void start(long tickMillis) {
        thread.execute(() -> {
            // Listens first and reads then: what comes in between is known by its id and taken once.
            subscription = control.follow(entry -> thread.execute(() -> onAudit(entry)));
            List<AuditEntry> newestFirst = control.audit(AUDIT_ENTRIES);
            newestFirst.forEach(audit::addLast);
            timer = thread.scheduleAtFixedRate(this::onTick, 0, tickMillis, TimeUnit.MILLISECONDS);
        });
    }

    /** What became of clients and events; any thread. */
    public StreamCounts counts() {
        return counts;
    }

    /** Whether one more may listen; if not, it counts as refused. */
    public boolean hasRoom() {
        boolean room = clients.size() < MAX_CLIENTS;
        if (!room) {
            counts.refused.incrementAndGet();
        }
        return room;
    }

    /**
     * Adds one who listens, until its channel closes.
     *
     * @param lastEventId as the client gave it, or null
     * @param allowed asked now and then; when it says no, the stream ends
     */
    public void join(Channel channel, @Nullable String lastEventId, BooleanSupplier allowed) {
        assert thread.inEventLoop();
        if (clients.size() >= MAX_CLIENTS) {
            channel.close();
            return;
        }
        Status status = control.status();
        tellStatusIfChanged(status);
        EventClient client = new EventClient(channel, allowed);
        List<byte[]> missed = missed(lastEventId);
        if (missed == null) {
            client.begin(snapshot(status));
            counts.sent.incrementAndGet();
        } else {
            missed.forEach(client::send);
            counts.sent.addAndGet(missed.size());
        }
        clients.add(client);
        counts.clients.set(clients.size());
        channel.closeFuture().addListener(closed -> leave(client));
    }

    private void leave(EventClient client) {
        clients.remove(client);
        counts.clients.set(clients.size());
    }

    private @Nullable List<byte[]> missed(@Nullable String lastEventId) {
        if (lastEventId == null || !lastEventId.matches("[0-9]{1,18}")) {
            return null;
        }
        return log.after(Long.parseLong(lastEventId));
    }

    /** Made anew at most once between two ticks or events, however many join. */
    private byte[] snapshot(Status status) {
        byte[] known = snapshot;
        if (known == null) {
            var content = new StreamEvent.Snapshot(
                    clock.instant(), status, figures.view(status), figures.history(status), List.copyOf(audit));
            known = EventText.of("snapshot", log.newest(), content);
            snapshot = known;
        }
        return known;
    }

    private void onAudit(AuditEntry entry) {
        AuditEntry newest = audit.peekFirst();
        if (newest != null && entry.id() <= newest.id()) {
            return;
        }
        audit.addFirst(entry);
        if (audit.size() > AUDIT_ENTRIES) {
            audit.removeLast();
        }
        snapshot = null;
        tell(log.add(id -> EventText.of("audit", id, entry)));
        if (!clients.isEmpty()) {
            tellStatusIfChanged(control.status());
        }
    }

    private void tellStatusIfChanged(Status status) {
        StatusShape now = StatusShape.of(status);
        if (!now.equals(shape)) {
            shape = now;
            snapshot = null;
            tell(log.replace(id -> EventText.of("status", id, new StreamEvent.StatusChanged(status))));
        }
    }

    private void onTick() {
        try {
            Instant now = clock.instant();
            figures.look(System.nanoTime(), now.getEpochSecond());
            snapshot = null;
            ticks++;
            if (!clients.isEmpty()) {
                tellFigures(now);
            }
        } catch (RuntimeException e) {
            LOG.error("a second of the event stream is lost", e);
        }
    }

    private void tellFigures(Instant now) {
        dropThose(EventClient::isStuck);
        Status status = control.status();
        tellStatusIfChanged(status);
        byte[] live = EventText.of("live", new StreamEvent.Live(now, figures.view(status)));
        boolean keepAlive = ticks % KEEP_ALIVE_TICKS == 0;
        for (EventClient client : List.copyOf(clients)) {
            if (keepAlive && !client.isAllowed()) {
                client.channel().close();
            } else if (client.isReady()) {
                client.send(live);
                counts.sent.incrementAndGet();
            }
        }
        if (keepAlive) {
            clients.forEach(client -> client.send(EventText.keepAlive()));
        }
    }

    private void tell(byte[] event) {
        for (EventClient client : List.copyOf(clients)) {
            client.send(event);
            counts.sent.incrementAndGet();
        }
        dropThose(EventClient::isFull);
    }

    private void dropThose(Predicate<EventClient> hopeless) {
        for (EventClient client : List.copyOf(clients)) {
            if (hopeless.test(client)) {
                counts.dropped.incrementAndGet();
                LOG.warn(
                        "event stream: {} does not take what is sent and is dropped",
                        client.channel().remoteAddress());
                client.channel().close();
            }
        }
    }

    /** Stops looking and telling; channels are closed by who opened them. Any thread. */
    @Override
    public void close() {
        if (thread.isShuttingDown()) {
            return;
        }
        thread.execute(() -> {
            if (subscription != null) {
                subscription.close();
            }
            if (timer != null) {
                timer.cancel(false);
            }
        });
    }
}
