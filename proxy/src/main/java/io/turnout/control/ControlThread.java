package io.turnout.control;

import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.Mailbox.Letter;
import io.turnout.model.Ticker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which everything is decided: one command after the other, and between them the routines.
 *
 * <p>A routine runs at least every {@link #TICK_MILLIS}, however many commands wait.
 */
final class ControlThread {
    private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);

    /** How often routines look, when no command comes. */
    static final long TICK_MILLIS = 100;

    private final Mailbox mailbox;
    private final ControlDesk desk;
    private final List<Routine> routines;
    private final Ticker ticker;
    private final Thread thread;
    private long letters;
    private long lastReload;
    private volatile boolean closing;

    ControlThread(Mailbox mailbox, ControlDesk desk, List<Routine> routines, Ticker ticker) {
        this.mailbox = mailbox;
        this.desk = desk;
        this.routines = List.copyOf(routines);
        this.ticker = ticker;
        thread = new Thread(this::run, "control");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            try {
                Letter letter = mailbox.next(TICK_MILLIS);
                if (letter != null) {
                    open(letter);
                }
                routines.forEach(this::run);
            } catch (InterruptedException e) {
                // Nobody may interrupt this thread: it would close the journal's channel in the middle of a write.
                LOG.error("the control thread was interrupted and goes on");
            }
        }
    }

    private void open(Letter letter) {
        if (letter.number == 0) {
            letter.number = ++letters;
            if (mustWait(letter)) {
                return;
            }
        }
        letter.result.complete(performInOrder(letter));
    }

    /** A reload waits for new names, a switch for smoke tests, outside this thread: a revert must not wait for either. */
    private boolean mustWait(Letter letter) {
        try {
            CompletableFuture<Void> prepared = desk.prepare(letter.command, ticker.nanos());
            if (prepared.isDone()) {
                return false;
            }
            prepared.whenComplete((done, failure) -> mailbox.bringBack(letter));
            return true;
        } catch (RuntimeException e) {
            return false; // performing it meets the same and tells
        }
    }

    private CommandResult performInOrder(Letter letter) {
        if (letter.command instanceof Command.Reload) {
            if (letter.number < lastReload) {
                return Refused.of(Kind.SUPERSEDED, "an older configuration", "the one that came after it");
            }
            lastReload = letter.number;
        }
        return perform(letter.command);
    }

    /** A bug in one command must not take the control of everything else with it. */
    private CommandResult perform(Command command) {
        try {
            return desk.perform(command);
        } catch (RuntimeException | AssertionError e) {
            LOG.error("bug: {} failed", command.getClass().getSimpleName(), e);
            return Refused.of(Kind.INTERNAL, "a bug, see the log", "none");
        }
    }

    private void run(Routine routine) {
        try {
            routine.onTick(ticker.nanos()).forEach(this::perform);
        } catch (RuntimeException | AssertionError e) {
            LOG.error("bug: routine {} failed", routine.getClass().getSimpleName(), e);
        }
    }

    /** Ends after the command in progress. */
    void close() {
        closing = true;
        mailbox.close();
        if (!thread.isAlive()) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
