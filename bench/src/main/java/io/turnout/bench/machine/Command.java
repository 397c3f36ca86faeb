package io.turnout.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a short command to its end. Stateless. */
public final class Command {
    private Command() {}

    /**
     * What a command prints, standard error included.
     *
     * @throws IOException if it cannot be started
     */
    public static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /**
     * The first line of what a program prints, for example its version.
     *
     * @throws Refusal if the program is not installed
     */
    public static String firstLine(String program, String argument) throws Refusal {
        try {
            return output(List.of(program, argument)).lines().findFirst().orElse("unknown");
        } catch (IOException e) {
            throw new Refusal("found no program " + program + " (" + e.getMessage()
                    + "); install the package of that name, or leave it out of --peers and --scenarios");
        }
    }
}
