package io.turnout.demo;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Single keys of the terminal, without Enter. Does nothing where there is no terminal. Its thread is a daemon: a read from a terminal cannot be interrupted.
 *
 * <p>Safe for any thread.
 */
public final class TerminalKeys implements AutoCloseable {
    private final boolean changed;
    private volatile boolean closed;

    private TerminalKeys(boolean changed) {
        this.changed = changed;
    }

    /** Calls for each key on a thread of its own until closed. */
    public static TerminalKeys follow(IntConsumer onKey) {
        // It fails where the input is no terminal.
        TerminalKeys keys = new TerminalKeys(stty("-icanon", "-echo", "min", "1"));
        if (!keys.changed) {
            return keys;
        }
        Thread thread = new Thread(() -> keys.read(onKey), "demo-keys");
        thread.setDaemon(true);
        thread.start();
        return keys;
    }

    private void read(IntConsumer onKey) {
        try {
            for (int key; !closed && (key = System.in.read()) >= 0; ) {
                onKey.accept(key);
            }
        } catch (IOException e) {
            // Without keys the demo goes on.
        }
    }

    private static boolean stty(String... settings) {
        String[] command = new String[settings.length + 1];
        command[0] = "stty";
        System.arraycopy(settings, 0, command, 1, settings.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives the terminal back as it was. The second call does nothing. */
    @Override
    public synchronized void close() {
        if (changed && !closed) {
            stty("icanon", "echo");
        }
        closed = true;
    }
}
