package io.turnout.admin;

/** A call that cannot be made as asked; carries what to say about it. */
final class RefusedCall extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    /** Without a stack trace: it is an answer, not a fault. */
    RefusedCall(Answer answer) {
        super("refused", null, false, false);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
