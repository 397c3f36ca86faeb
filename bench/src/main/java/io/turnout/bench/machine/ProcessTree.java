package io.turnout.bench.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process with all that descend from it: workers of a master, and, once they have ended, the time they took.
 *
 * <p>Safe for any thread: it holds a handle only.
 */
public final class ProcessTree {
    private final ProcessHandle root;

    /** The tree below a process that runs. */
    public ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /**
     * CPU time so far, user and system, in seconds; in steps of 10 ms. That of descendants that have ended counts as
     * soon as their parent has taken note of it.
     */
    public double cpuSeconds() {
        long ticks = 0;
        for (long pid : pids()) {
            String stat = ProcFiles.readIfThere(Path.of("/proc", Long.toString(pid), "stat"));
            ticks += stat == null ? 0 : ticksOf(stat);
        }
        return ticks / ProcFiles.TICKS_PER_SECOND;
    }

    /** Resident memory of all, in KiB. Pages they share count once for each. */
    public long rssKib() {
        return sumKib("VmRSS:");
    }

    /** Resident memory without pages of files, in KiB: what the processes made themselves. */
    public long anonymousKib() {
        return sumKib("RssAnon:");
    }

    /** Whether the root still runs. */
    public boolean isAlive() {
        return root.isAlive();
    }

    /** The root and its descendants. */
    public List<Long> pids() {
        return Stream.concat(Stream.of(root), root.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private long sumKib(String field) {
        long sum = 0;
        for (long pid : pids()) {
            sum += kibOf(ProcFiles.readIfThere(Path.of("/proc", Long.toString(pid), "status")), field);
        }
        return sum;
    }

    /** utime + stime + cutime + cstime of {@code /proc/PID/stat}; the name in it may hold spaces and brackets. */
    static long ticksOf(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11])
                + Long.parseLong(fields[12])
                + Long.parseLong(fields[13])
                + Long.parseLong(fields[14]);
    }

    static long kibOf(@Nullable String status, String field) {
        if (status == null) {
            return 0;
        }
        return status.lines()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
