package io.turnout.bench.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JVM is started. Immutable.
 *
 * @param java the {@code java} program
 * @param major its version
 * @param heap the flags that size its heap
 * @param more flags by the user's wish, after ours
 */
public record JavaStart(Path java, int major, List<String> heap, List<String> more) {
    private static final List<String> DEFAULT_HEAP = List.of("-Xms64m", "-Xmx256m");

    public JavaStart {
        heap = List.copyOf(heap);
        more = List.copyOf(more);
    }

    /** With the Java that runs the bench itself. */
    public static JavaStart likeOurs(List<String> more) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new JavaStart(java, Runtime.version().feature(), DEFAULT_HEAP, more);
    }

    /** With a heap that is all there from the start, so that resident memory grows only by what lies outside of it. */
    public JavaStart withTouchedHeap() {
        return new JavaStart(java, major, List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"), more);
    }

    /** Flags as the script {@code turnout} sets them for {@code run}; a test holds the two together. */
    public List<String> flags() {
        var flags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xss512k"));
        if (major >= 24) {
            flags.add("--enable-native-access=ALL-UNNAMED");
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (major >= 25) {
            flags.add("-XX:+UseCompactObjectHeaders");
            flags.add("-XX:TrimNativeHeapInterval=30000");
        }
        flags.addAll(heap);
        flags.addAll(more);
        return flags;
    }

    /** The program and its flags. */
    public List<String> command() {
        var command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags());
        return command;
    }

    /** The {@code jcmd} of the same Java, if it has one. */
    public boolean hasJcmd() {
        return Files.isExecutable(jcmd());
    }

    /** Where the {@code jcmd} of the same Java would be. */
    public Path jcmd() {
        return java.resolveSibling("jcmd");
    }
}
