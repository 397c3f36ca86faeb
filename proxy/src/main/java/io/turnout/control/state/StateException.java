package io.turnout.control.state;

/** The state folder cannot be used. The message is one line for the operator that names the folder and says why. */
public final class StateException extends Exception {
    public StateException(String message) {
        super(message);
    }

    public StateException(String message, Throwable cause) {
        super(message, cause);
    }
}
