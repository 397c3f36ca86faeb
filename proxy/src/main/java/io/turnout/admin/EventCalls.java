package io.turnout.admin;

import io.turnout.admin.Call.Asked;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.Doorkeeper.Verdict;
import io.turnout.admin.live.EventStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The call that never ends: what happens, as it happens. Confined to the admin thread. */
final class EventCalls {
    /** Where the client wants to go on. */
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /** Media type of the stream. */
    static final String EVENTS = "text/event-stream";

    private final EventStream events;
    private final Doorkeeper doorkeeper;

    EventCalls(EventStream events, Doorkeeper doorkeeper) {
        this.events = events;
        this.doorkeeper = doorkeeper;
    }

    List<Call> calls() {
        return List.of(ViewCalls.look("/api/v1/events", Access.VIEWER, this::listen));
    }

    private CompletionStage<Answer> listen(Asked asked) {
        AdminRequest request = asked.request();
        if (request.method().equals("HEAD")) {
            return ViewCalls.now(new Answer(200, EVENTS, Body.of(""), Map.of()));
        }
        if (!events.hasRoom()) {
            return ViewCalls.now(ProblemKind.BUSY
                    .answer(EventStream.MAX_CLIENTS + " clients that listen", "a try a little later")
                    .with("Retry-After", "5"));
        }
        String lastEventId = request.fields().get(LAST_EVENT_ID);
        return ViewCalls.now(new Answer(
                200,
                EVENTS,
                Body.of(""),
                Map.of(),
                channel -> events.join(channel, lastEventId, () -> isStillAllowed(request))));
    }

    /** Tokens may go with a reload of the configuration; a stream outlives many of them. */
    private boolean isStillAllowed(AdminRequest request) {
        return doorkeeper.judge(request, Access.VIEWER) instanceof Verdict.Admitted;
    }
}
