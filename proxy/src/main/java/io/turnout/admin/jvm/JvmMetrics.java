package io.turnout.admin.jvm;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.turnout.admin.page.MetricFamilies;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Reads the platform's beans. None of them is asked for anything that stops the program's threads.
 *
 * <p>Confined to one thread, but for {@link #close}.
 */
public final class JvmMetrics implements AutoCloseable {
    private static final Thread.State[] STATES = Thread.State.values();

    /** Threads may be started between counting them and listing them. */
    private static final int SPARE_THREADS = 16;

    /** The share of the system that is used is told anew at most this often. */
    private static final long SYSTEM_USAGE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
    private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadGroup everyThread = rootGroup();
    private final GarbageCollections collections = new GarbageCollections(pools);
    private long lookedNanos = System.nanoTime();
    private long cpuNanos = system.getProcessCpuTime();
    private long systemAskedNanos = System.nanoTime();
    private double systemUsage = system.getCpuLoad();

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** Adds all that is known now. */
    public void addTo(MetricFamilies families) {
        memory(families);
        collections.addTo(families);
        classes(families);
        threads(families);
        process(families);
    }

    private void memory(MetricFamilies to) {
        for (BufferPoolMXBean pool : buffers) {
            to.add(JvmMetric.BUFFER_COUNT, pool.getCount(), pool.getName());
            to.add(JvmMetric.BUFFER_USED, pool.getMemoryUsed(), pool.getName());
            to.add(JvmMetric.BUFFER_CAPACITY, pool.getTotalCapacity(), pool.getName());
        }
        for (MemoryPoolMXBean pool : pools) {
            String area = pool.getType() == MemoryType.HEAP ? "heap" : "nonheap";
            MemoryUsage usage = pool.getUsage();
            to.add(JvmMetric.MEMORY_USED, usage.getUsed(), area, pool.getName());
            to.add(JvmMetric.MEMORY_COMMITTED, usage.getCommitted(), area, pool.getName());
            to.add(JvmMetric.MEMORY_MAX, usage.getMax(), area, pool.getName());
        }
    }

    private void classes(MetricFamilies to) {
        to.add(JvmMetric.CLASSES_LOADED, classes.getLoadedClassCount());
        to.add(JvmMetric.CLASSES_LOADED_EVER, classes.getTotalLoadedClassCount());
        to.add(JvmMetric.CLASSES_UNLOADED, classes.getUnloadedClassCount());
    }

    private void threads(MetricFamilies to) {
        to.add(JvmMetric.THREADS_DAEMON, threads.getDaemonThreadCount());
        to.add(JvmMetric.THREADS_LIVE, threads.getThreadCount());
        to.add(JvmMetric.THREADS_PEAK, threads.getPeakThreadCount());
        to.add(JvmMetric.THREADS_STARTED, threads.getTotalStartedThreadCount());
        int[] byState = threadsByState();
        for (Thread.State state : STATES) {
            String name = state.name().toLowerCase(Locale.ROOT).replace('_', '-');
            to.add(JvmMetric.THREAD_STATES, byState[state.ordinal()], name);
        }
    }

    /** The bean would halt every thread to tell their states. */
    private int[] threadsByState() {
        Thread[] all = new Thread[everyThread.activeCount() + SPARE_THREADS];
        int found = everyThread.enumerate(all);
        int[] byState = new int[STATES.length];
        for (int i = 0; i < found; i++) {
            byState[all[i].getState().ordinal()]++;
        }
        return byState;
    }

    private void process(MetricFamilies to) {
        int processors = Runtime.getRuntime().availableProcessors();
        to.add(JvmMetric.CPU_COUNT, processors);
        to.add(JvmMetric.CPU_TIME, system.getProcessCpuTime());
        to.addGauge(JvmMetric.CPU_USAGE, cpuUsage(processors));
        to.addGauge(JvmMetric.SYSTEM_CPU_USAGE, systemUsage());
        to.addGauge(JvmMetric.SYSTEM_LOAD, system.getSystemLoadAverage());
        to.addGauge(JvmMetric.START_TIME, runtime.getStartTime() / 1e3);
        to.addGauge(JvmMetric.UPTIME, runtime.getUptime() / 1e3);
        if (system instanceof UnixOperatingSystemMXBean unix) {
            to.add(JvmMetric.FILES_OPEN, unix.getOpenFileDescriptorCount());
            to.add(JvmMetric.FILES_MAX, unix.getMaxFileDescriptorCount());
        }
    }

    /** The bean's own share costs more than the rest of the page: it reads the limits of the container each time. */
    private double cpuUsage(int processors) {
        long nowNanos = System.nanoTime();
        long nowCpuNanos = system.getProcessCpuTime();
        double usage = (double) (nowCpuNanos - cpuNanos) / Math.max(1, nowNanos - lookedNanos) / processors;
        lookedNanos = nowNanos;
        cpuNanos = nowCpuNanos;
        return Math.min(1, usage);
    }

    /** Dear as well; it tells the share since it was asked last. */
    private double systemUsage() {
        long nowNanos = System.nanoTime();
        if (nowNanos - systemAskedNanos >= SYSTEM_USAGE_NANOS) {
            systemAskedNanos = nowNanos;
            systemUsage = system.getCpuLoad();
        }
        return systemUsage;
    }

    /** Ends listening to the garbage collectors. */
    @Override
    public void close() {
        collections.close();
    }
}
