package io.turnout.http;

import java.util.ArrayDeque;

/**
 * Heads that rest between messages, so that a request costs no new one and an idle connection holds none.
 *
 * <p>One per event loop, confined to it.
 */
public final class HeadPool {
    private static final int KEPT = 256;

    private final ArrayDeque<RequestHead> requests = new ArrayDeque<>();
    private final ArrayDeque<ResponseHead> responses = new ArrayDeque<>();

    /** An empty request head, the borrower's until it is given back. */
    public RequestHead borrowRequest() {
        RequestHead head = requests.pollLast();
        return head == null ? new RequestHead() : head;
    }

    /** Takes a request head back; the caller must not touch it afterwards. */
    public void giveBack(RequestHead head) {
        head.clear();
        if (requests.size() < KEPT) {
            requests.addLast(head);
        }
    }

    /** An empty answer head, the borrower's until it is given back. */
    public ResponseHead borrowResponse() {
        ResponseHead head = responses.pollLast();
        return head == null ? new ResponseHead() : head;
    }

    /** Takes an answer head back; the caller must not touch it afterwards. */
    public void giveBack(ResponseHead head) {
        head.clear();
        if (responses.size() < KEPT) {
            responses.addLast(head);
        }
    }
}
