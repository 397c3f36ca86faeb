package io.turnout.control;

import io.turnout.control.state.RouteOverride;
import io.turnout.control.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows when overrides end by themselves. Confined to the control thread.
 *
 * <p>The wall clock is asked once, when an override comes into force in this process; from then on the time runs
 * monotonically, so that setting the clock neither ends an override early nor keeps it.
 */
final class OverrideTimers implements Routine {
    /** When an end could not be journaled, it is tried again after this long. */
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private Map<String, Timer> timers = Map.of();

    private static final class Timer {
        final RouteOverride override;
        long dueNanos;

        Timer(RouteOverride override, long dueNanos) {
            this.override = override;
            this.dueNanos = dueNanos;
        }
    }

    /** Begins to time what is new in this state and forgets what is gone. */
    void follow(RunState state, Instant now, long nowNanos) {
        Map<String, Timer> next = new HashMap<>();
        state.overrides().forEach((route, override) -> {
            Instant expiresAt = override.expiresAt();
            Timer known = timers.get(route);
            if (known != null && known.override.equals(override)) {
                next.put(route, known);
            } else if (expiresAt != null) {
                long leftNanos = Math.max(0, Duration.between(now, expiresAt).toNanos());
                next.put(route, new Timer(override, nowNanos + leftNanos));
            }
        });
        timers = next;
    }

    @Override
    public List<Command> onTick(long nowNanos) {
        List<Command> due = new ArrayList<>();
        timers.forEach((route, timer) -> {
            if (nowNanos - timer.dueNanos >= 0) {
                timer.dueNanos = nowNanos + RETRY_NANOS;
                due.add(new Command.ExpireOverride(route, timer.override));
            }
        });
        return due;
    }
}
