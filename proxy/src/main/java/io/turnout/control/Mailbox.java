package io.turnout.control;

import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Commands on their way to the control thread, in order, and never more than it may keep.
 *
 * <p>Safe for any thread.
 */
final class Mailbox {
    private final ArrayBlockingQueue<Letter> letters;

    /** Letters that have been opened once and wait for something; there are never more than were let in. */
    private final Queue<Letter> returned = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    /** A mailbox for so many commands. */
    Mailbox(int capacity) {
        letters = new ArrayBlockingQueue<>(capacity);
    }

    /** A command and who waits for its result. Its fields are the control thread's. */
    static final class Letter {
        final Command command;
        final CompletableFuture<CommandResult> result = new CompletableFuture<>();

        /** Order of arrival at the control thread, from 1; 0 before. */
        long number;

        Letter(Command command) {
            this.command = command;
        }
    }

    CompletableFuture<CommandResult> post(Command command) {
        Letter letter = new Letter(command);
        if (closed) {
            refuseAsClosed(letter);
        } else if (!letters.offer(letter)) {
            letter.result.complete(Refused.of(Kind.BUSY, "a full mailbox", "fewer commands at a time"));
        } else if (closed && letters.remove(letter)) {
            // Closed in between, and perhaps emptied for the last time already.
            refuseAsClosed(letter);
        }
        return letter.result;
    }

    /** Brings back a letter that has waited long enough. */
    void bringBack(Letter letter) {
        returned.add(letter);
        if (closed && returned.remove(letter)) {
            refuseAsClosed(letter);
        }
    }

    /** The next letter, or null when none came in time. */
    @Nullable
    Letter next(long waitMillis) throws InterruptedException {
        Letter waiting = returned.poll();
        return waiting != null ? waiting : letters.poll(waitMillis, TimeUnit.MILLISECONDS);
    }

    /** Lets nothing in any more, and refuses what is in. */
    void close() {
        closed = true;
        List<Letter> left = new ArrayList<>();
        letters.drainTo(left);
        for (Letter letter = returned.poll(); letter != null; letter = returned.poll()) {
            left.add(letter);
        }
        left.forEach(Mailbox::refuseAsClosed);
    }

    private static void refuseAsClosed(Letter letter) {
        letter.result.complete(Refused.of(Kind.CLOSED, "a process that goes down", "one that serves"));
    }
}
