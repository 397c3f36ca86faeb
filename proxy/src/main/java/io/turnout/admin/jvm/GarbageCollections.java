package io.turnout.admin.jvm;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import io.turnout.admin.page.MetricFamilies;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * What garbage collections did, as the virtual machine tells when each ends: how long they took, and what they found and
 * left in the generations.
 *
 * <p>Safe for any thread: guarded by its own monitor.
 */
final class GarbageCollections implements AutoCloseable {
    private final NotificationListener listener = (told, context) -> onNotification(told);
    private final List<NotificationEmitter> collectors;
    private final List<MemoryPoolMXBean> oldPools;
    private final Map<Kind, RecentDurations> pauses = new LinkedHashMap<>();
    private final Map<Kind, RecentDurations> concurrent = new LinkedHashMap<>();
    private long youngAfter;
    private long allocated;
    private long promoted;
    private long live;

    /** Labels of a duration. */
    private record Kind(String action, String cause, String collector) {}

    GarbageCollections(List<MemoryPoolMXBean> pools) {
        oldPools = pools.stream().filter(pool -> isOld(pool.getName())).toList();
        collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(NotificationEmitter.class::isInstance)
                .map(NotificationEmitter.class::cast)
                .toList();
        collectors.forEach(collector -> collector.addNotificationListener(listener, null, null));
    }

    /** Where HotSpot's collectors allocate; those without generations have one pool for all. */
    private static boolean isYoung(String pool) {
        return pool.endsWith("Eden Space") || pool.endsWith("Young Generation") || isWhole(pool);
    }

    private static boolean isOld(String pool) {
        return pool.endsWith("Old Gen")
                || pool.endsWith("Tenured Gen")
                || pool.endsWith("Old Generation")
                || isWhole(pool);
    }

    private static boolean isWhole(String pool) {
        return pool.equals("ZHeap") || pool.equals("Shenandoah");
    }

    private void onNotification(Notification told) {
        if (told.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            onCollection(GarbageCollectionNotificationInfo.from((CompositeData) told.getUserData()));
        }
    }

    private synchronized void onCollection(GarbageCollectionNotificationInfo info) {
        var kind = new Kind(info.getGcAction(), info.getGcCause(), info.getGcName());
        GcInfo gc = info.getGcInfo();
        (isConcurrent(kind) ? concurrent : pauses)
                .computeIfAbsent(kind, absent -> new RecentDurations())
                .add(gc.getDuration(), System.nanoTime());
        Map<String, MemoryUsage> before = gc.getMemoryUsageBeforeGc();
        Map<String, MemoryUsage> after = gc.getMemoryUsageAfterGc();
        allocated += Math.max(0, used(before, GarbageCollections::isYoung) - youngAfter);
        youngAfter = used(after, GarbageCollections::isYoung);
        long oldBefore = used(before, GarbageCollections::isOld);
        long oldAfter = used(after, GarbageCollections::isOld);
        promoted += Math.max(0, oldAfter - oldBefore);
        // Some collectors clear the old generation in many small steps.
        if (oldAfter < oldBefore || kind.action().equals("end of major GC")) {
            live = oldAfter;
        }
    }

    /** Collectors that work beside the program tell their cycles as well as the pauses in them. */
    private static boolean isConcurrent(Kind kind) {
        return kind.cause().equals("No GC") || kind.collector().endsWith("Cycles");
    }

    private static long used(Map<String, MemoryUsage> pools, Predicate<String> wanted) {
        long sum = 0;
        for (Map.Entry<String, MemoryUsage> pool : pools.entrySet()) {
            if (wanted.test(pool.getKey())) {
                sum += pool.getValue().getUsed();
            }
        }
        return sum;
    }

    synchronized void addTo(MetricFamilies families) {
        families.add(JvmMetric.GC_ALLOCATED, allocated);
        families.add(JvmMetric.GC_PROMOTED, promoted);
        families.add(JvmMetric.GC_LIVE, live);
        families.add(
                JvmMetric.GC_LIVE_MAX,
                oldPools.stream().mapToLong(pool -> pool.getUsage().getMax()).sum());
        durations(pauses, JvmMetric.GC_PAUSE, JvmMetric.GC_PAUSE_MAX, families);
        durations(concurrent, JvmMetric.GC_CONCURRENT, JvmMetric.GC_CONCURRENT_MAX, families);
    }

    private static void durations(
            Map<Kind, RecentDurations> of, JvmMetric summary, JvmMetric longest, MetricFamilies to) {
        long now = System.nanoTime();
        of.forEach((kind, durations) -> {
            String[] labels = {kind.action(), kind.cause(), kind.collector()};
            to.addSummary(summary, durations.count(), durations.sumMillis() / 1e3, labels);
            to.addGauge(longest, durations.longestMillis(now) / 1e3, labels);
        });
    }

    /** Ends listening; the second call does nothing. */
    @Override
    public void close() {
        for (NotificationEmitter collector : collectors) {
            try {
                collector.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                return; // closed before
            }
        }
    }
}
