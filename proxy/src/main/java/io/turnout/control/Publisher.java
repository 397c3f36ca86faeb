package io.turnout.control;

import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.ListenerFollower.ListenerException;
import io.turnout.control.Step.Durability;
import io.turnout.control.Step.Sockets;
import io.turnout.control.state.Change;
import io.turnout.control.state.Failures;
import io.turnout.control.state.RunState;
import io.turnout.control.state.StateException;
import io.turnout.control.state.StateStore;
import io.turnout.model.Ticker;
import io.turnout.snapshot.Addresses;
import io.turnout.snapshot.Snapshot;
import io.turnout.snapshot.SnapshotCompiler;
import io.turnout.snapshot.SnapshotCompiler.Candidate;
import io.turnout.snapshot.SnapshotRef;
import io.turnout.snapshot.TlsCompiler;
import io.turnout.tls.TlsStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one world's place with the next: compile aside, open sockets, journal, publish, audit, in this order, so that
 * whatever fails leaves the world as it was.
 *
 * <p>Confined to the control thread, but for {@link #world} and {@link #storageFailures}, which are safe for any thread.
 */
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final SnapshotCompiler compiler;
    private final TlsStore tls;
    private final StateStore store;
    private final AuditTrail audit;
    private final Addresses addresses;
    private final OverrideTimers timers;
    private final Ticker ticker;
    private final InstantSource clock;
    private final AtomicLong storageFailures = new AtomicLong();
    private final SnapshotRef published;
    private @Nullable ListenerFollower listeners;
    private volatile World world;

    /**
     * Those it works with.
     *
     * @param timers are told of each state that is in force
     */
    record Parts(StateStore store, AuditTrail audit, Addresses addresses, OverrideTimers timers, TlsStore tls) {}

    /**
     * Publishes the first world.
     *
     * @param first from nothing to the first world; its listeners are not opened here
     * @throws StateException if the first world cannot be journaled
     */
    Publisher(ControlSetup setup, Parts parts, Step first) throws StateException {
        compiler = new SnapshotCompiler(setup.loops().size(), parts.tls());
        tls = parts.tls();
        store = parts.store();
        audit = parts.audit();
        addresses = parts.addresses();
        timers = parts.timers();
        ticker = setup.ticker();
        clock = setup.clock();
        Instant now = clock.instant();
        Candidate candidate = compile(first, store.state());
        long generation = candidate.snapshot().generation();
        try {
            store.commit(generation, now, first.changes());
        } catch (IOException e) {
            throw new StateException(
                    "state folder " + setup.stateFolder() + " cannot be written: " + Failures.text(e), e);
        }
        candidate.commit(ticker.nanos());
        published = new SnapshotRef(candidate.snapshot());
        world = world(first.desired(), candidate.snapshot());
        timers.follow(store.state(), now, ticker.nanos());
        audit.onPublished(first, generation, now);
    }

    /** From now on, listeners are opened and closed by this. */
    void openListenersWith(ListenerFollower follower) {
        listeners = follower;
    }

    /** The field through which the data plane is told. */
    SnapshotRef published() {
        return published;
    }

    /** What is in force. */
    World world() {
        return world;
    }

    /** How often the journal or the audit could not be written. */
    long storageFailures() {
        return storageFailures.get() + audit.storageFailures();
    }

    /** What is wanted is said in other words that mean the same. */
    void restate(Desired desired) {
        world = world.wantedBy(desired);
    }

    /**
     * Takes a step. When this returns null, the next request lives in the new world.
     *
     * @return why nothing has changed, or null
     */
    @Nullable
    Refused publish(Step step) {
        Candidate candidate = compile(step, world.state());
        Refused refused = follow(step, candidate.snapshot());
        if (refused != null) {
            return refused;
        }
        Instant now = clock.instant();
        refused = journal(step, candidate.snapshot().generation(), now);
        if (refused != null) {
            followBack(step);
            return refused;
        }
        candidate.commit(ticker.nanos());
        published.publish(candidate.snapshot());
        world = world(step.desired(), candidate.snapshot());
        timers.follow(store.state(), now, ticker.nanos());
        audit.onPublished(step, candidate.snapshot().generation(), now);
        return null;
    }

    /** Journals, if possible, what nobody but the next process has to know; what is published stays. */
    void keep(Change change) {
        if (!store.advance(world.generation(), clock.instant(), List.of(change))) {
            storageFailures.incrementAndGet();
        }
        world = world.with(store.state());
    }

    /** Tells the audit of something that changes nothing. */
    void note(Effect effect, Cause cause) {
        Step step = Step.decision(world.desired(), effect, cause);
        audit.onPublished(step, world.generation(), clock.instant());
    }

    private Candidate compile(Step step, RunState before) {
        long generation = before.generation() + 1;
        RunState state = before.after(step.changes(), generation);
        return compiler.compile(step.desired().config(), state.overlay(), addresses, generation);
    }

    private World world(Desired desired, Snapshot snapshot) {
        tls.keepOnly(TlsCompiler.specs(desired.config()));
        return new World(desired, store.state(), snapshot, compiler.series(), compiler.endpoints(), compiler.mirrors());
    }

    private @Nullable Refused follow(Step step, Snapshot next) {
        ListenerFollower follower = listeners;
        if (step.sockets() == Sockets.KEEP || follower == null) {
            return null;
        }
        try {
            follower.follow(next.listeners());
            return null;
        } catch (ListenerException e) {
            String why = String.valueOf(e.getMessage());
            return Refused.of(Kind.LISTENER_FAILED, why, "an address that can be listened on");
        }
    }

    /** The sockets of a world that will not be: closed again, and the ones of the world in force opened. */
    private void followBack(Step step) {
        ListenerFollower follower = listeners;
        if (step.sockets() == Sockets.KEEP || follower == null) {
            return;
        }
        try {
            follower.follow(world.snapshot().listeners());
        } catch (ListenerException e) {
            LOG.error("a listener is lost: {}", e.getMessage());
        }
    }

    private @Nullable Refused journal(Step step, long generation, Instant now) {
        if (step.durability() == Durability.IF_POSSIBLE) {
            if (!store.advance(generation, now, step.changes())) {
                storageFailures.incrementAndGet();
            }
            return null;
        }
        try {
            store.commit(generation, now, step.changes());
            return null;
        } catch (IOException e) {
            storageFailures.incrementAndGet();
            LOG.error("nothing is changed, the journal cannot be written: {}", Failures.text(e));
            return Refused.of(
                    Kind.STORAGE_FAILED,
                    "the journal cannot be written: " + Failures.text(e),
                    "a state folder with room that can be written");
        }
    }
}
