package io.turnout.bench.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Sends signals that Java has no call for. Stateless. */
final class Signals {
    private Signals() {}

    /**
     * Sends a signal to each process.
     *
     * @param name without SIG
     */
    static void send(String name, List<Long> pids) throws IOException {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        Process kill = new ProcessBuilder(command).inheritIO().start();
        try {
            kill.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
