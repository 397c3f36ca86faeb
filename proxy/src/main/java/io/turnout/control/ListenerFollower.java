package io.turnout.control;

import io.turnout.snapshot.ListenerPlan;
import java.util.List;

/** Makes the open sockets follow the configuration. Called by the control thread only. */
@FunctionalInterface
public interface ListenerFollower {
    /**
     * Opens what is new before it closes what is gone. Called just before the world of these listeners is published.
     *
     * @throws ListenerException if an address cannot be had; every socket is as it was then
     */
    void follow(List<ListenerPlan> listeners) throws ListenerException;

    /** An address cannot be listened on. The message names it and says why, in one line. */
    final class ListenerException extends Exception {
        public ListenerException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
