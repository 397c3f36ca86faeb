package io.turnout.bench.profile;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * System calls by name, as {@code strace -c} counts them. Immutable.
 *
 * @param calls how often each was made
 */
record SyscallCounts(Map<String, Long> calls) {
    /** Calls that carry octets of a connection. */
    private static final Set<String> DATA =
            Set.of("recvfrom", "recvmsg", "readv", "sendto", "sendmsg", "writev", "sendfile", "splice");

    /** A row: share, seconds, microseconds a call, calls, maybe errors, name. */
    private static final Pattern ROW =
            Pattern.compile("^\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s+(?:\\d+\\s+)?(\\w+)$");

    SyscallCounts {
        calls = Map.copyOf(calls);
    }

    /** Reads the table. */
    static SyscallCounts parse(String table) {
        Map<String, Long> calls = new TreeMap<>();
        table.lines().forEach(line -> {
            Matcher matcher = ROW.matcher(line);
            if (matcher.matches() && !matcher.group(2).equals("total")) {
                calls.put(matcher.group(2), Long.parseLong(matcher.group(1)));
            }
        });
        return new SyscallCounts(calls);
    }

    /** How often a call was made. */
    long of(String name) {
        return calls.getOrDefault(name, 0L);
    }

    /** How often any was made that carries data. */
    long data() {
        return DATA.stream().mapToLong(this::of).sum();
    }
}
