package io.turnout.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import io.turnout.admin.Call.Asked;
import io.turnout.control.Cause;
import io.turnout.control.Control;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who makes a change, by which way, and on which state it is based, as the request's fields say. Safe for any thread. */
final class Causes {
    /** Names the person or job behind a call where there are no tokens; no proof of anything. */
    static final String ACTOR = "Turnout-Actor";

    /** Which client makes the call. */
    static final String SOURCE = "Turnout-Source";

    private static final String NOBODY = "anonymous";
    private static final int MAX_ACTOR_CHARACTERS = 100;
    private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(,|$)");
    private static final Pattern GENERATION = Pattern.compile("[1-9][0-9]{0,17}");

    private final Control control;

    Causes(Control control) {
        this.control = control;
    }

    /**
     * The cause of a change.
     *
     * @throws RefusedCall if {@code If-Match} or {@code Turnout-Actor} cannot be read
     */
    Cause of(Asked asked, @Nullable String reason) throws RefusedCall {
        HttpHeaders fields = asked.request().fields();
        return new Cause(actor(asked, fields), source(fields), reason, expectedGeneration(fields), address(asked));
    }

    private static String actor(Asked asked, HttpHeaders fields) throws RefusedCall {
        String token = asked.caller().name();
        String claimed = fields.get(ACTOR);
        if (token != null || claimed == null || claimed.isBlank()) {
            return token == null ? NOBODY : token;
        }
        if (claimed.length() > MAX_ACTOR_CHARACTERS) {
            throw new RefusedCall(ProblemKind.MALFORMED_REQUEST.answer(
                    ACTOR + " of " + claimed.length() + " characters", "at most " + MAX_ACTOR_CHARACTERS));
        }
        return Json.shown(claimed.strip());
    }

    private static @Nullable String address(Asked asked) {
        InetAddress client = asked.request().client().getAddress();
        return client == null ? null : NetUtil.toAddressString(client);
    }

    private static String source(HttpHeaders fields) {
        String named = fields.get(SOURCE, Cause.API);
        return named.equals(Cause.CLI) || named.equals(Cause.CONSOLE) ? named : Cause.API;
    }

    /** The generation the client bases its change on; null for any (RFC 9110 section 13.1.1). */
    private @Nullable Long expectedGeneration(HttpHeaders fields) throws RefusedCall {
        List<String> given = fields.getAll(HttpHeaderNames.IF_MATCH);
        String list = String.join(",", given).strip();
        if (given.isEmpty() || list.equals("*")) {
            return null;
        }
        long inForce = control.generation();
        Long expected = null;
        Matcher tag = TAG.matcher(list);
        int end = 0;
        do {
            if (!tag.find(end) || tag.start() != end) {
                throw new RefusedCall(ProblemKind.MALFORMED_REQUEST.answer(
                        "If-Match: " + Json.shown(list), "the generation in quotes, as in \"" + inForce + "\""));
            }
            end = tag.end();
            long generation = generation(tag);
            if (expected == null || generation == inForce) {
                expected = generation;
            }
        } while (end < list.length());
        return expected;
    }

    /** A weak tag, or one that is no generation, equals none: 0 was never in force. */
    private static long generation(Matcher tag) {
        boolean strong = tag.group(1) == null;
        return strong && GENERATION.matcher(tag.group(2)).matches() ? Long.parseLong(tag.group(2)) : 0;
    }
}
