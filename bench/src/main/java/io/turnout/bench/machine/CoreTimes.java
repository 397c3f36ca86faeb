package io.turnout.bench.machine;

import java.nio.file.Path;

/**
 * What one core has done so far, in seconds since boot. Immutable.
 *
 * @param busySeconds user, system and interrupts, without what was stolen
 * @param stolenSeconds the host ran somebody else while this core had work
 */
public record CoreTimes(double busySeconds, double stolenSeconds) {
    /** The times of a core now. */
    public static CoreTimes now(int core) {
        return parse(ProcFiles.read(Path.of("/proc/stat")), core);
    }

    /** The time since another moment. */
    public CoreTimes since(CoreTimes before) {
        return new CoreTimes(busySeconds - before.busySeconds, stolenSeconds - before.stolenSeconds);
    }

    static CoreTimes parse(String stat, int core) {
        String line = stat.lines()
                .filter(candidate -> candidate.startsWith("cpu" + core + " "))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no core " + core));
        String[] fields = line.split(" +");
        // cpuN user nice system idle iowait irq softirq steal: guest time is part of user.
        double busy = ticks(fields, 1) + ticks(fields, 2) + ticks(fields, 3) + ticks(fields, 6) + ticks(fields, 7);
        return new CoreTimes(busy / ProcFiles.TICKS_PER_SECOND, ticks(fields, 8) / ProcFiles.TICKS_PER_SECOND);
    }

    private static double ticks(String[] fields, int index) {
        return index < fields.length ? Double.parseDouble(fields[index]) : 0;
    }
}
