package io.turnout.bench.machine;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a result has to say about the machine it was made on. Immutable.
 *
 * @param facts name and text, in alphabetical order
 */
public record MachineFacts(Map<String, String> facts) {
    private static final long UNLIMITED_FILES = 1_000_000;

    /** Gathers them. */
    public static MachineFacts gather() {
        var facts = new TreeMap<String, String>();
        facts.put("kernel", kernel(ProcFiles.read(Path.of("/proc/version"))));
        facts.put("cpu", firstValue(ProcFiles.read(Path.of("/proc/cpuinfo")), "model name"));
        facts.put("cores", Integer.toString(onlineCores()));
        facts.put("memory", firstValue(ProcFiles.read(Path.of("/proc/meminfo")), "MemTotal"));
        String flags = " " + firstValue(ProcFiles.read(Path.of("/proc/cpuinfo")), "flags") + " ";
        facts.put("virtualMachine", Boolean.toString(flags.contains(" hypervisor ")));
        facts.put("harnessJava", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        return new MachineFacts(facts);
    }

    /** System and release number; who built it is nobody's business. */
    static String kernel(String version) {
        Matcher matcher = Pattern.compile("(\\S+) version (\\d+(?:\\.\\d+)*)").matcher(version);
        return matcher.find() ? matcher.group(1) + " " + matcher.group(2) : "unknown";
    }

    /** How many cores the machine has, whatever this process is pinned to. */
    public static int onlineCores() {
        return (int) ProcFiles.read(Path.of("/proc/stat"))
                .lines()
                .filter(line -> line.matches("cpu[0-9]+ .*"))
                .count();
    }

    /** How many files this process may have open, at most a million. */
    public static long openFilesLimit() {
        String line = ProcFiles.read(Path.of("/proc/self/limits"))
                .lines()
                .filter(candidate -> candidate.startsWith("Max open files"))
                .findFirst()
                .orElseThrow();
        String soft = line.split(" {2,}")[1];
        return soft.equals("unlimited") ? UNLIMITED_FILES : Math.min(UNLIMITED_FILES, Long.parseLong(soft));
    }

    /** The cores this process may run on, as {@code taskset} writes them. */
    public static String allowedCores() {
        return firstValue(ProcFiles.read(Path.of("/proc/self/status")), "Cpus_allowed_list");
    }

    static String firstValue(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("unknown");
    }
}
