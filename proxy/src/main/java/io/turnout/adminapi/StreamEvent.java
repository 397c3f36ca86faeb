package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the event stream sends as data, by the event's name. A new audit entry is sent as it is, an {@link AuditEntry}. */
public sealed interface StreamEvent {
    /**
     * {@code snapshot}: everything, at the beginning and after a gap.
     *
     * @param history by route and pool: the last five minutes, oldest first, at most one point a second
     * @param audit the newest entries, newest first
     */
    record Snapshot(
            Instant now,
            Status status,
            LiveView live,
            Map<String, Map<String, List<LivePoint>>> history,
            List<AuditEntry> audit)
            implements StreamEvent {
        public Snapshot {
            history = Ordered.copy(history);
            audit = List.copyOf(audit);
        }
    }

    /** {@code live}: each second. */
    record Live(Instant now, LiveView live) implements StreamEvent {}

    /** {@code status}: when something other than a counter has changed in it. */
    record StatusChanged(Status status) implements StreamEvent {}
}
