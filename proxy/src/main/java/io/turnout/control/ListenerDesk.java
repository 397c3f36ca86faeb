package io.turnout.control;

import io.turnout.control.Command.DrainListener;
import io.turnout.control.Command.ResumeListener;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.state.Change;
import io.turnout.snapshot.ListenerPlan;
import java.util.List;
import java.util.Optional;

/** Closes listeners and opens them again. Confined to the control thread. */
final class ListenerDesk {
    private static final String LISTENS = "listens";
    private static final String DRAINED = "drained";

    private final Publisher publisher;

    ListenerDesk(Publisher publisher) {
        this.publisher = publisher;
    }

    CommandResult drain(DrainListener command) {
        String name = command.listener();
        Optional<ListenerPlan> listener = listener(name);
        if (listener.isEmpty()) {
            return unknown(name);
        }
        if (listener.get().drained()) {
            return unchanged("listener " + name + " is drained already");
        }
        Effect effect =
                new Effect(new Change.ListenerDrained(name), "drain", "listener " + name, LISTENS, DRAINED, null);
        return publish(effect, command.cause(), "listener " + name + " takes no more connections");
    }

    CommandResult resume(ResumeListener command) {
        String name = command.listener();
        Optional<ListenerPlan> listener = listener(name);
        if (listener.isEmpty()) {
            return unknown(name);
        }
        if (!listener.get().drained()) {
            return unchanged("listener " + name + " is not drained");
        }
        Effect effect =
                new Effect(new Change.ListenerResumed(name), "resume", "listener " + name, DRAINED, LISTENS, null);
        return publish(effect, command.cause(), "listener " + name + " takes connections again");
    }

    private CommandResult publish(Effect effect, Cause cause, String summary) {
        Refused refused = publisher.publish(Step.listening(publisher.world().desired(), effect, cause));
        return refused != null ? refused : new Applied(publisher.world().generation(), true, summary, notes());
    }

    private List<String> notes() {
        boolean anyListens = listeners().stream().anyMatch(listener -> !listener.drained());
        return anyListens ? List.of() : List.of("no listener takes connections now");
    }

    private CommandResult unchanged(String summary) {
        return new Applied(publisher.world().generation(), false, summary, List.of());
    }

    private Refused unknown(String name) {
        List<String> names = listeners().stream().map(ListenerPlan::name).toList();
        return Refused.of(Kind.UNKNOWN_LISTENER, "listener " + name, Words.oneOf(names));
    }

    private Optional<ListenerPlan> listener(String name) {
        return listeners().stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst();
    }

    private List<ListenerPlan> listeners() {
        return publisher.world().snapshot().listeners();
    }
}
