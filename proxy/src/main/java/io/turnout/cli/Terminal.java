package io.turnout.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The terminal this process writes to, if it does.
 *
 * @param columns and
 * @param rows how much fits
 */
record Terminal(int columns, int rows) {
    private static final Terminal USUAL = new Terminal(80, 24);
    private static final int MIN_COLUMNS = 64;
    private static final int MAX_COLUMNS = 120;

    /** Whether somebody looks: input and output are a terminal that can place its cursor. */
    @SuppressWarnings("SystemConsoleNull") // where it is never null, the method below tells
    static boolean isThere() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // From Java 22 on there is a console without a terminal, and a method that tells.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** How large it is now; 80 by 24 where nobody says. */
    static Terminal now() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            stty.waitFor(1, TimeUnit.SECONDS);
            return said.matches("[0-9]{1,4} [0-9]{1,4}") ? of(said.split(" ")) : USUAL;
        } catch (IOException e) {
            return USUAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }

    private static Terminal of(String[] rowsAndColumns) {
        int rows = Integer.parseInt(rowsAndColumns[0]);
        int columns = Integer.parseInt(rowsAndColumns[1]);
        return new Terminal(
                columns == 0 ? USUAL.columns : Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, columns)),
                rows == 0 ? USUAL.rows : Math.max(5, rows));
    }
}
