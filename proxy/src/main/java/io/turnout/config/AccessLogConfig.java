package io.turnout.config;

/**
 * One line per exchange.
 *
 * @param format shape of a line, or off
 * @param path file that lines are appended to, as written in the configuration, or {@link #STDOUT}
 * @param queueLines lines that may wait for the disk (16 to 1,048,576); beyond, lines are dropped and counted
 */
public record AccessLogConfig(Format format, String path, int queueLines) {
    /** Value of {@link #path()} that stands for the standard output. */
    public static final String STDOUT = "stdout";

    /** Shape of a line. */
    public enum Format {
        OFF,
        COMBINED,
        JSON
    }

    public AccessLogConfig {
        Require.text("accessLog.path", path);
        Require.within("accessLog.queue", queueLines, 16, 1 << 20);
    }
}
