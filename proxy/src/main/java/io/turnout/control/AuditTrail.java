package io.turnout.control;

import io.turnout.adminapi.AuditEntry;
import io.turnout.control.state.AuditLog;
import io.turnout.control.state.Failures;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what was done: to the audit file, to the log, and to whoever listens. Entries are made on the control thread;
 * listeners come and go on any thread.
 */
final class AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    private static final String ROUTE = "route ";

    private final AuditLog log;
    private final AtomicLong storageFailures = new AtomicLong();
    private final List<Consumer<AuditEntry>> listeners = new CopyOnWriteArrayList<>();

    private Function<String, @Nullable String> evidence = route -> null;

    AuditTrail(AuditLog log) {
        this.log = log;
    }

    /**
     * From now on, entries about a route bear what is known of it.
     *
     * @param known by the route's name, in words; called on the control thread
     */
    void takeEvidenceFrom(Function<String, @Nullable String> known) {
        evidence = known;
    }

    /** How often an entry could not be written; any thread. */
    long storageFailures() {
        return storageFailures.get();
    }

    /** Tells of each effect of a step that has been published. */
    void onPublished(Step step, long generation, Instant time) {
        for (Effect effect : step.effects()) {
            Cause cause = step.cause();
            add(new AuditEntry(
                    log.nextId(),
                    time,
                    cause.actor(),
                    cause.source(),
                    cause.address(),
                    effect.action(),
                    effect.subject(),
                    effect.before(),
                    effect.after(),
                    effect.reason() == null ? cause.reason() : effect.reason(),
                    evidence(effect.subject()),
                    generation,
                    step.desired().text().commit(),
                    null,
                    null));
        }
    }

    /** What the guard knew when it was done, whoever did it: the best reason is worth little without it. */
    private @Nullable String evidence(String subject) {
        return subject.startsWith(ROUTE) ? evidence.apply(subject.substring(ROUTE.length())) : null;
    }

    private void add(AuditEntry entry) {
        LOG.info("{}", text(entry));
        AuditEntry kept = entry;
        try {
            kept = log.add(entry);
        } catch (IOException e) {
            storageFailures.incrementAndGet();
            LOG.error("audit entry {} is not in the file: {}", entry.id(), Failures.text(e));
        }
        for (Consumer<AuditEntry> listener : listeners) {
            tell(listener, kept);
        }
    }

    private static String text(AuditEntry entry) {
        var text = new StringBuilder("generation ")
                .append(entry.generation())
                .append(": ")
                .append(entry.action())
                .append(' ')
                .append(entry.subject());
        if (entry.before() != null) {
            text.append(", was ").append(entry.before());
        }
        if (entry.after() != null) {
            text.append(", now ").append(entry.after());
        }
        text.append("; by ")
                .append(entry.actor())
                .append(" (")
                .append(entry.source())
                .append(')');
        if (entry.reason() != null) {
            text.append(": ").append(entry.reason());
        }
        return Words.line(text.toString());
    }

    private static void tell(Consumer<AuditEntry> listener, AuditEntry entry) {
        try {
            listener.accept(entry);
        } catch (RuntimeException e) {
            LOG.error("a listener to the audit failed", e);
        }
    }

    List<AuditEntry> last(int limit) {
        return log.last(limit);
    }

    Control.Subscription follow(Consumer<AuditEntry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
