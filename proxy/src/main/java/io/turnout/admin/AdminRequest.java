package io.turnout.admin;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;

/**
 * A request to the admin listener that has arrived whole. Immutable by convention: nobody writes to the fields.
 *
 * @param method as written, upper case by definition
 * @param target origin-form: path and query, still encoded
 * @param fields header fields, validated by the codec
 * @param body empty when there was none
 * @param client where it came from
 * @param local the address it was sent to
 */
record AdminRequest(
        String method,
        String target,
        HttpHeaders fields,
        Body body,
        InetSocketAddress client,
        InetSocketAddress local) {

    /** Whether it only wants to look. */
    boolean reads() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** The path without the query, still encoded. */
    String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** What follows the question mark, still encoded; empty when there is none. */
    String query() {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }
}
