package io.turnout.admin.jvm;

import io.turnout.admin.page.Family;
import java.util.List;

/** Every metric of the process and the virtual machine; names and labels are those of Micrometer, which a test holds. */
public enum JvmMetric implements Family {
    BUFFER_COUNT("jvm_buffer_count_buffers", Type.GAUGE, "Buffers in a pool of the JDK.", "id"),
    BUFFER_USED("jvm_buffer_memory_used_bytes", Type.GAUGE, "Memory a pool of buffers holds.", "id"),
    BUFFER_CAPACITY("jvm_buffer_total_capacity_bytes", Type.GAUGE, "What the buffers of a pool can hold.", "id"),
    CLASSES_LOADED("jvm_classes_loaded_classes", Type.GAUGE, "Classes loaded now."),
    CLASSES_LOADED_EVER("jvm_classes_loaded_count_classes_total", Type.COUNTER, "Classes loaded since the start."),
    CLASSES_UNLOADED("jvm_classes_unloaded_classes_total", Type.COUNTER, "Classes unloaded since the start."),
    GC_LIVE("jvm_gc_live_data_size_bytes", Type.GAUGE, "What the old generation held after its last collection."),
    GC_LIVE_MAX("jvm_gc_max_data_size_bytes", Type.GAUGE, "What the old generation can hold."),
    GC_ALLOCATED(
            "jvm_gc_memory_allocated_bytes_total", Type.COUNTER, "Allocated in the young generation, by collections."),
    GC_PROMOTED("jvm_gc_memory_promoted_bytes_total", Type.COUNTER, "What collections moved into the old generation."),
    GC_PAUSE(
            "jvm_gc_pause_seconds",
            Type.SUMMARY,
            "Collections for which the program stood still.",
            "action",
            "cause",
            "gc"),
    GC_PAUSE_MAX("jvm_gc_pause_seconds_max", Type.GAUGE, "Longest of them lately.", "action", "cause", "gc"),
    GC_CONCURRENT(
            "jvm_gc_concurrent_phase_time_seconds",
            Type.SUMMARY,
            "Work of collectors beside the program.",
            "action",
            "cause",
            "gc"),
    GC_CONCURRENT_MAX(
            "jvm_gc_concurrent_phase_time_seconds_max", Type.GAUGE, "Longest of it lately.", "action", "cause", "gc"),
    MEMORY_COMMITTED("jvm_memory_committed_bytes", Type.GAUGE, "Memory that is there for a pool.", "area", "id"),
    MEMORY_MAX("jvm_memory_max_bytes", Type.GAUGE, "Most memory a pool may take; -1 for no limit.", "area", "id"),
    MEMORY_USED("jvm_memory_used_bytes", Type.GAUGE, "Memory a pool uses.", "area", "id"),
    THREADS_DAEMON("jvm_threads_daemon_threads", Type.GAUGE, "Threads that do not keep the process alive."),
    THREADS_LIVE("jvm_threads_live_threads", Type.GAUGE, "Threads."),
    THREADS_PEAK("jvm_threads_peak_threads", Type.GAUGE, "Most threads there have been at a time."),
    THREADS_STARTED("jvm_threads_started_threads_total", Type.COUNTER, "Threads started."),
    THREAD_STATES("jvm_threads_states_threads", Type.GAUGE, "Threads by state.", "state"),
    CPU_TIME("process_cpu_time_ns_total", Type.COUNTER, "CPU time of the process in nanoseconds."),
    CPU_USAGE("process_cpu_usage", Type.GAUGE, "Share of all processors the process took since the last scrape."),
    FILES_MAX("process_files_max_files", Type.GAUGE, "File descriptors the process may have."),
    FILES_OPEN("process_files_open_files", Type.GAUGE, "File descriptors the process has."),
    START_TIME("process_start_time_seconds", Type.GAUGE, "When the process was started, in seconds since 1970."),
    UPTIME("process_uptime_seconds", Type.GAUGE, "Since the process was started."),
    CPU_COUNT("system_cpu_count", Type.GAUGE, "Processors the process may use."),
    SYSTEM_CPU_USAGE("system_cpu_usage", Type.GAUGE, "Share of the system's processors that is used, by whomever."),
    SYSTEM_LOAD("system_load_average_1m", Type.GAUGE, "Tasks that run or want to, over the last minute.");

    private final String exposedName;
    private final Type type;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    JvmMetric(String exposedName, Type type, String help, String... labels) {
        this.exposedName = exposedName;
        this.type = type;
        this.help = help;
        this.labels = List.of(labels);
    }

    @Override
    public String exposedName() {
        return exposedName;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public List<String> labels() {
        return labels;
    }
}
