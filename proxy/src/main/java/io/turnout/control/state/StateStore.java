package io.turnout.control.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run-time state and the journal that keeps it. Confined to the control thread. */
public final class StateStore implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);

    /** A journal this long is replaced by one record of the whole state. */
    private static final long COMPACT_BYTES = 1 << 20;

    /** A state that is itself long is not written again at each change. */
    private static final int COMPACT_GROWTH = 4;

    private final Journal journal;
    private RunState state;
    private long compactBytes;

    /** Whether the state has gone on without the journal. */
    private boolean behind;

    private StateStore(Journal journal, RunState state, long compactBytes) {
        this.journal = journal;
        this.state = state;
        this.compactBytes = compactBytes;
    }

    /**
     * Reads the state back. A torn or corrupt tail of the journal is put aside and said, and what was before it counts.
     *
     * @throws StateException if the journal can be neither read nor created
     */
    public static StateStore open(StateFolder folder) throws StateException {
        return open(folder.journal(), LocalDisk.INSTANCE, COMPACT_BYTES);
    }

    static StateStore open(Path file, Disk disk, long compactBytes) throws StateException {
        try {
            Journal.Opened opened = Journal.open(file, disk);
            if (opened.torn() != null) {
                LOG.warn(
                        "journal {} is torn after {} whole records; state is as of the last of them, and the remaining"
                                + " {} bytes are kept in {}",
                        file,
                        opened.payloads().size(),
                        opened.tornBytes(),
                        opened.torn());
            }
            RunState state = RunState.NONE;
            for (byte[] payload : opened.payloads()) {
                state = replay(state, payload, file);
            }
            return new StateStore(opened.journal(), state, compactBytes);
        } catch (IOException e) {
            throw new StateException("journal " + file + " cannot be used: " + Failures.text(e), e);
        }
    }

    private static RunState replay(RunState state, byte[] payload, Path file) {
        JournalEntry entry =
                JournalJson.read(payload, what -> LOG.warn("journal {} holds what is left out: {}", file, what));
        return entry == null ? state : entry.applied(state);
    }

    /** The state after the last commit. */
    public RunState state() {
        return state;
    }

    /**
     * Takes changes into the state. They are on disk when this returns.
     *
     * @param generation more than the one before
     * @throws IOException if they cannot be kept; the state is as before
     */
    public void commit(long generation, Instant time, List<Change> changes) throws IOException {
        if (!journal.isSound() || behind) {
            journal.rewrite(JournalJson.write(JournalEntry.whole(state, time)));
            behind = false;
            LOG.info("the journal is sound again");
        }
        JournalEntry entry = new JournalEntry(generation, time, JournalEntry.Start.BEFORE, changes);
        journal.append(JournalJson.write(entry));
        state = entry.applied(state);
        if (journal.bytes() > compactBytes) {
            compact(time);
        }
    }

    /**
     * Takes changes into the state whether or not the disk allows to keep them; what could not be kept is written with
     * the next commit.
     *
     * @param generation more than the one before
     * @return whether they are on disk
     */
    public boolean advance(long generation, Instant time, List<Change> changes) {
        try {
            commit(generation, time, changes);
            return true;
        } catch (IOException e) {
            LOG.warn("generation {} is not in the journal: {}", generation, Failures.text(e));
            state = state.after(changes, generation);
            behind = true;
            return false;
        }
    }

    private void compact(Instant time) {
        try {
            journal.rewrite(JournalJson.write(JournalEntry.whole(state, time)));
            compactBytes = Math.max(compactBytes, COMPACT_GROWTH * journal.bytes());
        } catch (IOException e) {
            // The long journal is still whole, or the next commit mends it.
            LOG.warn("the journal could not be made shorter: {}", Failures.text(e));
        }
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
