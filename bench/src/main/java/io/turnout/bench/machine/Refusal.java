package io.turnout.bench.machine;

/** Why the bench does not go on: something that would make its figures misleading. The message is for the user. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what was found and what was expected */
    public Refusal(String message) {
        super(message);
    }
}
