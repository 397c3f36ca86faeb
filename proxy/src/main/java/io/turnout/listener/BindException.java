package io.turnout.listener;

/** A listener's address cannot be had; the message is one line that names listener, address and cause. */
public final class BindException extends Exception {
    private static final long serialVersionUID = 1;

    BindException(String message) {
        super(message);
    }
}
