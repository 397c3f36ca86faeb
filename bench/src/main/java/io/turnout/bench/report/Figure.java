package io.turnout.bench.report;

/** Something that is measured. */
public enum Figure {
    CPU_MICROS_PER_REQUEST("CPU us/request", 1),
    CPU_SECONDS_PER_GB("CPU s/GB", 3),
    HARNESS_MICROS_PER_REQUEST("harness us/request", 1),
    REQUESTS_PER_SECOND("requests/s", 0),
    GB_PER_SECOND("GB/s", 2),
    PROXY_BUSY_PERCENT("proxy core %", 0),
    HARNESS_BUSY_PERCENT("harness core %", 0),
    P50_MICROS("p50 us", 0),
    P99_MICROS("p99 us", 0),
    P999_MICROS("p99.9 us", 0),
    SENT_P50_MICROS("p50 us from sent", 0),
    SENT_P99_MICROS("p99 us from sent", 0),
    SENT_P999_MICROS("p99.9 us from sent", 0),
    ADDED_P50_MICROS("added p50 us", 0),
    ADDED_P99_MICROS("added p99 us", 0),
    ADDED_P999_MICROS("added p99.9 us", 0),
    CANARY_PERCENT("canary share %", 2),
    RESUMED_PERCENT("resumed %", 1),
    RSS_MIB("RSS MiB", 0),
    RSS_START_MIB("RSS MiB at 10 %", 0),
    RSS_MAX_MIB("RSS MiB at most", 0),
    RSS_GROWTH_MIB("RSS MiB grown since 10 %", 0),
    IDLE_KIB_PER_CONNECTION("KiB/idle connection", 2),
    START_MILLIS("start ms", 0),
    LOST_REQUESTS("lost requests", 0),
    RELOADS("reloads", 0),
    STALL_MILLIS("longest stall ms", 1),
    WRK_CPU_MICROS_PER_REQUEST("CPU us/request under wrk", 1),
    WRK_REQUESTS_PER_SECOND("requests/s by wrk", 0),
    CPU_AGREEMENT("CPU/request, ours : wrk", 2);

    private final String title;
    private final int decimals;

    Figure(String title, int decimals) {
        this.title = title;
        this.decimals = decimals;
    }

    /** What it is called in tables. */
    public String title() {
        return title;
    }

    /** A value with as many decimals as make sense. */
    public String format(double value) {
        return String.format(java.util.Locale.ROOT, "%,." + decimals + "f", value);
    }
}
