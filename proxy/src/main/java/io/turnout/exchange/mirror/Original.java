package io.turnout.exchange.mirror;

import io.turnout.http.RequestHead;
import io.turnout.routing.RequestView;
import io.turnout.upstream.Announcer;

/**
 * The request that may be copied; read while the copies are chosen, and only {@code forwardedLines},
 * the client's preamble and {@code startNanos} kept.
 *
 * @param head as the client sent it
 * @param view the same, as routing sees it
 * @param pool id of the pool the original goes to
 * @param forwardedLines complete HTTP/1 field lines about the client; not written to
 * @param client whose it is
 * @param startNanos when the original began
 */
@SuppressWarnings("ArrayRecordComponent") // lent, never compared
public record Original(
        RequestHead head, RequestView view, int pool, byte[] forwardedLines, Announcer client, long startNanos) {}
