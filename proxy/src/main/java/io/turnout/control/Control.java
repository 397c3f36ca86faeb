package io.turnout.control;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.ConfigCheck;
import io.turnout.adminapi.ExplainRequest;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.control.state.StateException;
import io.turnout.routing.VisitorMint;
import io.turnout.snapshot.SnapshotRef;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The only writer of state. Signatures first; the bodies follow. */
@SuppressWarnings("DoNotCallSuggester")
public final class Control implements AutoCloseable {
    private Control() {}

    /** Opens the state folder and compiles the first world; nothing runs yet. */
    public static Control open(ControlSetup setup) throws StateException {
        throw new UnsupportedOperationException(setup.text().source());
    }

    public SnapshotRef published() {
        throw new UnsupportedOperationException();
    }

    /** For the data plane: mints with the secret of the state folder. */
    public VisitorMint visitorMint() {
        throw new UnsupportedOperationException();
    }

    /** Starts the control thread. The first world's listeners are the caller's to open, before. */
    public void start(ListenerFollower listeners) {
        throw new UnsupportedOperationException();
    }

    /** Never throws; the future never fails. */
    public CompletableFuture<CommandResult> submit(Command command) {
        throw new UnsupportedOperationException();
    }

    public long generation() {
        throw new UnsupportedOperationException();
    }

    public Status status() {
        throw new UnsupportedOperationException();
    }

    /** Null if there is no such route. */
    public @Nullable RouteStatus route(String name) {
        throw new UnsupportedOperationException();
    }

    public List<PoolStatus> pools() {
        throw new UnsupportedOperationException();
    }

    /** Newest first. */
    public List<AuditEntry> audit(int limit) {
        throw new UnsupportedOperationException();
    }

    /** Calls the listener on the control thread with each entry; closing ends that. */
    public Subscription follow(Consumer<AuditEntry> listener) {
        throw new UnsupportedOperationException();
    }

    /** YAML with every default, secrets redacted. */
    public String effectiveConfig() {
        throw new UnsupportedOperationException();
    }

    public Explained explain(ExplainRequest request) {
        throw new UnsupportedOperationException();
    }

    public ConfigCheck check(String yaml) {
        throw new UnsupportedOperationException();
    }

    public Counters counters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    /** Ends with {@link #close}. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
