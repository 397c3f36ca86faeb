package io.turnout.bench.machine;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

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
        facts.put("kernel", ProcFiles.read(Path.of("/proc/version")).strip());
        facts.put("cpu", firstValue(ProcFiles.read(Path.of("/proc/cpuinfo")), "model name"));
        facts.put("cores", Integer.toString(onlineCores()));
        facts.put("memory", firstValue(ProcFiles.read(Path.of("/proc/meminfo")), "MemTotal"));
        String flags = " " + firstValue(ProcFiles.read(Path.of("/proc/cpuinfo")), "flags") + " ";
        facts.put("virtualMachine", Boolean.toString(flags.contains(" hypervisor ")));
        facts.put("harnessJava", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        return new MachineFacts(facts);
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
