package io.turnout.config.shape;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers with their units, from and to text. A number without a unit is never guessed at. */
public final class Units {
    static final String DURATION = "([0-9]{1,16}(\\.[0-9]{1,6})?(us|ms|s|m|h|d))+";
    static final String SIZE = "[0-9]{1,16}(\\.[0-9]{1,3})?(B|kB|KiB|MB|MiB|GB|GiB)";
    static final String PERCENT = "[0-9]{1,3}(\\.[0-9]{1,4})?%";

    private static final BigDecimal MOST_BYTES = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int PPM_PER_PERCENT = 10_000;
    private static final Pattern DURATIONS = Pattern.compile(DURATION);
    private static final Pattern DURATION_PART = Pattern.compile("([0-9.]+)(us|ms|s|m|h|d)");
    private static final Pattern SIZES = Pattern.compile("([0-9.]+)([A-Za-z]+)");

    /** Nanoseconds by unit, largest first: the order in which the parts of a duration must come. */
    private static final Map<String, Long> NANOS = new LinkedHashMap<>();

    private static final Map<String, Long> BYTES = new LinkedHashMap<>();

    static {
        NANOS.put("d", 86_400_000_000_000L);
        NANOS.put("h", 3_600_000_000_000L);
        NANOS.put("m", 60_000_000_000L);
        NANOS.put("s", 1_000_000_000L);
        NANOS.put("ms", 1_000_000L);
        NANOS.put("us", 1_000L);
        BYTES.put("GiB", 1L << 30);
        BYTES.put("GB", 1_000_000_000L);
        BYTES.put("MiB", 1L << 20);
        BYTES.put("MB", 1_000_000L);
        BYTES.put("KiB", 1L << 10);
        BYTES.put("kB", 1_000L);
        BYTES.put("B", 1L);
    }

    private Units() {}

    /** {@code 250ms}, {@code 1.5s}, {@code 1h30m}; null for anything else, or finer than a microsecond, or over 100 years. */
    public static @Nullable Duration duration(String text) {
        if (text.length() > 60 || !DURATIONS.matcher(text).matches()) {
            return null;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        long lastUnit = Long.MAX_VALUE;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            long unit = NANOS.getOrDefault(part.group(2), 0L);
            if (unit >= lastUnit) {
                return null;
            }
            lastUnit = unit;
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        boolean wholeMicros = nanos.remainder(BigDecimal.valueOf(1_000)).signum() == 0;
        boolean sane = nanos.compareTo(BigDecimal.valueOf(36_500L * 86_400_000_000_000L)) <= 0;
        return wholeMicros && sane ? Duration.ofNanos(nanos.longValueExact()) : null;
    }

    /** The shortest text of one unit that reads back equal. */
    static String text(Duration duration) {
        long nanos = duration.toNanos();
        for (Map.Entry<String, Long> unit : NANOS.entrySet()) {
            if (nanos != 0 && nanos % unit.getValue() == 0) {
                return nanos / unit.getValue() + unit.getKey();
            }
        }
        return "0s";
    }

    /** {@code 512B}, {@code 16KiB}, {@code 1.5MB} in bytes; null for anything else, a fraction of a byte, or more than a long holds. */
    static @Nullable Long bytes(String text) {
        if (!text.matches(SIZE)) {
            return null;
        }
        Matcher parts = SIZES.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        long unit = BYTES.getOrDefault(parts.group(2), 0L);
        BigDecimal bytes = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit));
        boolean whole = bytes.remainder(BigDecimal.ONE).signum() == 0 && bytes.compareTo(MOST_BYTES) <= 0;
        return whole ? bytes.longValueExact() : null;
    }

    /** The shortest text of a binary unit that reads back equal. */
    static String text(long bytes) {
        for (Map.Entry<String, Long> unit : BYTES.entrySet()) {
            boolean binary = Long.bitCount(unit.getValue()) == 1;
            if (binary && bytes != 0 && bytes % unit.getValue() == 0) {
                return bytes / unit.getValue() + unit.getKey();
            }
        }
        return "0B";
    }

    /** {@code 5%} or {@code 0.05%} in parts per million; null for anything else. */
    public static @Nullable Integer ppm(String text) {
        if (text.length() > 10 || !text.matches(PERCENT)) {
            return null;
        }
        BigDecimal percent = new BigDecimal(text.substring(0, text.length() - 1));
        return percent.multiply(BigDecimal.valueOf(PPM_PER_PERCENT)).intValueExact();
    }

    /** The shortest percentage that reads back equal. */
    static String percent(int ppm) {
        return BigDecimal.valueOf(ppm, 4).stripTrailingZeros().toPlainString() + "%";
    }
}
