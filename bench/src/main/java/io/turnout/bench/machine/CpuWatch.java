package io.turnout.bench.machine;

/** Watches what a proxy and its surroundings do from one moment to another. Confined to the harness's main thread. */
public final class CpuWatch {
    private final ProcessTree proxy;
    private final Cores cores;
    private final StallWitness witness;
    private final long startNanos;
    private final double proxyCpuAtStart;
    private final CoreTimes proxyCoreAtStart;
    private final CoreTimes harnessCoreAtStart;
    private final double harnessCpuAtStart;

    private CpuWatch(ProcessTree proxy, Cores cores, StallWitness witness) {
        this.proxy = proxy;
        this.cores = cores;
        this.witness = witness;
        witness.takeLongestMillis();
        proxyCoreAtStart = CoreTimes.now(cores.proxy());
        harnessCoreAtStart = CoreTimes.now(cores.harness());
        harnessCpuAtStart = harnessCpuSeconds();
        proxyCpuAtStart = proxy.cpuSeconds();
        startNanos = System.nanoTime();
    }

    /** Begins to watch. */
    public static CpuWatch start(ProcessTree proxy, Cores cores, StallWitness witness) {
        return new CpuWatch(proxy, cores, witness);
    }

    /** What has happened since the start. */
    public Seen read() {
        return readBeside(proxy.cpuSeconds() - proxyCpuAtStart);
    }

    /** The same, when the proxy has taken so much CPU time as the caller knows better: one that was started since. */
    public Seen readBeside(double cpu) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        CoreTimes proxyCore = CoreTimes.now(cores.proxy()).since(proxyCoreAtStart);
        CoreTimes harnessCore = CoreTimes.now(cores.harness()).since(harnessCoreAtStart);
        return new Seen(
                seconds,
                cpu,
                harnessCpuSeconds() - harnessCpuAtStart,
                harnessCore.busySeconds() / seconds,
                Noise.of(seconds, cpu, proxyCore, harnessCore, witness.takeLongestMillis()));
    }

    private static double harnessCpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    /**
     * A stretch of time. Immutable.
     *
     * @param proxyCpuSeconds CPU time of the proxy
     * @param harnessCpuSeconds CPU time of generator and backends together
     * @param harnessBusy how busy the harness's core was, 0 to 1
     */
    public record Seen(
            double seconds, double proxyCpuSeconds, double harnessCpuSeconds, double harnessBusy, Noise noise) {
        /** How busy the proxy kept its core, 0 to 1. */
        public double proxyBusy() {
            return proxyCpuSeconds / seconds;
        }
    }
}
