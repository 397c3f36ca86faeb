package io.turnout.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.turnout.admin.Call.Asked;
import io.turnout.admin.Doorkeeper.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The files of the console: the page at {@code /} and what it is made of under {@code /console/}.
 *
 * <p>They are read once, when the listener starts, and never from a path that a caller names. They hold no data of this
 * Turnout, so anybody whom the doorkeeper takes for one of ours may have them: somebody without a token needs the page
 * in order to enter one. The policy lets the page load and connect to nothing but this listener, run no script that is
 * not one of these files, and stand in no frame. Immutable.
 */
final class ConsoleFiles {
    private static final String FOLDER = "/console/";
    private static final String PAGE = "index.html";

    /** Every file there is. */
    static final List<String> NAMES = List.of(
            PAGE,
            "console.css",
            "icon.svg",
            "main.js",
            "api.js",
            "audit.js",
            "charts.js",
            "config.js",
            "demo.js",
            "dialogs.js",
            "differences.js",
            "dom.js",
            "evidence.js",
            "feed.js",
            "format.js",
            "route.js",
            "steps.js",
            "store.js",
            "uplot.css",
            "uplot.js",
            "uplot-licence.txt");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", Answer.TEXT);

    private static final Map<String, String> FIELDS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Referrer-Policy",
            "no-referrer",
            "X-Frame-Options",
            "DENY",
            // Kept, and asked about each time: a new version of Turnout never meets scripts of the old one.
            "Cache-Control",
            "no-cache");

    private final Map<String, Answer> answers = new LinkedHashMap<>();

    ConsoleFiles() {
        NAMES.forEach(name -> answers.put(name, answer(name)));
    }

    private static Answer answer(String name) {
        byte[] octets = octets(name);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new AssertionError("no media type for " + name);
        }
        return new Answer(200, type, Body.of(octets), FIELDS).with("ETag", '"' + digest(octets) + '"');
    }

    private static byte[] octets(String name) {
        try (InputStream file = ConsoleFiles.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new AssertionError("the jar lacks " + FOLDER + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half of a SHA-256: enough to tell versions of a file apart. */
    private static String digest(byte[] octets) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(octets);
            return HexFormat.of().formatHex(Arrays.copyOf(whole, whole.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    List<Call> calls() {
        return List.of(
                ViewCalls.look("/", Access.PUBLIC, asked -> file(asked, PAGE)),
                ViewCalls.look("/console/{}", Access.PUBLIC, asked -> file(asked, asked.variable(0))));
    }

    private CompletionStage<Answer> file(Asked asked, String name) {
        Answer answer = answers.get(name);
        if (answer == null) {
            return ViewCalls.now(
                    ProblemKind.NO_SUCH_CALL.answer("the file " + Json.shown(name), "a file of the console"));
        }
        return ViewCalls.now(isKnown(asked, answer) ? new Answer(304, "", Body.of(""), answer.fields()) : answer);
    }

    /** Whether the caller has the file already (RFC 9110 section 13.1.2; weak comparison). */
    private static boolean isKnown(Asked asked, Answer answer) {
        String tag = answer.fields().get("ETag");
        return asked.request().fields().getAll(HttpHeaderNames.IF_NONE_MATCH).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .anyMatch(given -> given.equals("*") || given.equals(tag) || given.equals("W/" + tag));
    }
}
