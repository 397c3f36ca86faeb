package io.turnout.config;

import io.turnout.config.shape.Definitions;
import io.turnout.config.shape.Followed;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.ScalarShape.Family;
import io.turnout.config.shape.ScalarShape.Words;
import io.turnout.config.shape.Scalars;
import io.turnout.config.shape.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Texts of the forms that HTTP and JSON prescribe. */
final class TextShapes {
    /** RFC 9110 section 5.6.2. */
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}";

    static final ScalarShape<String> TOKEN_TEXT = Scalars.text("a token such as uid", "token", TOKEN);

    static final ScalarShape<String> FIELD_NAME =
            Scalars.lowerCase("a header name such as x-canary", "header name", TOKEN);

    /** RFC 9110 section 5.5, without obs-text and without space around the value. */
    static final ScalarShape<String> FIELD_VALUE =
            Scalars.text("a header value of printable ASCII", "header value", "([!-~]([ -~]{0,4000}[!-~])?)?");

    static final ScalarShape<String> METHOD =
            Scalars.text("a method in capitals such as GET", "method", "[A-Z][A-Z0-9_-]{0,31}");

    static final ScalarShape<String> HOST = Scalars.lowerCase(
            "a host name without port, such as shop.example.com or *.example.com",
            "host name",
            "(\\*\\.)?[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,30}|\\[[0-9A-Fa-f:.]{2,45}\\]");

    static final ScalarShape<String> SERVER_NAME =
            Scalars.lowerCase("a host name", "host name", "[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,30}");

    static final ScalarShape<String> GRPC_SERVICE = Scalars.text(
            "the full name of a gRPC service such as shop.v1.Cart", "service name", "[A-Za-z0-9_.-]{1,200}");

    /** Path and query as they stand in a request line. */
    static final ScalarShape<String> TARGET =
            Scalars.text("a path that begins with / and may have a query", "path", "/[!\"$-~]{0,4000}");

    /** A path that a normalised one can be equal to. */
    static final Shape<String> PATH = new Followed<>(
            Scalars.text("a path that begins with /, percent-encoded, without query", "path", "/[!\"$-;=@-~]{0,4000}"),
            TextShapes::isNormal);

    static final ScalarShape<String> FILE =
            Scalars.text("the path of a file", "path of a file", "[^\\x00-\\x1f\\x7f]{1,4000}");

    static final ScalarShape<String> POINTER = ScalarShape.of(
            Family.TEXT,
            new Words("a JSON pointer such as /user/id (RFC 6901)", "JSON pointer"),
            Definitions.object("type", "string", "pattern", "^(/[^\\x00-\\x1f]*)?$"),
            TextShapes::parsePointer,
            value -> value);

    private static final Pattern DOT_SEGMENT = Pattern.compile("/(\\.|%2[eE]){1,2}(/|$)");

    /** Fields that frame the message or belong to one hop: the proxy alone decides on them. */
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** The name of a field that the user may change. */
    static final Shape<String> EDITABLE_FIELD = new Followed<>(FIELD_NAME, (name, at, reading) -> {
        if (OURS.contains(name)) {
            reading.error(at, "\"" + name + "\"", "a header that is not about framing, the connection or the host");
        }
        return !OURS.contains(name);
    });

    /** A range of status codes. */
    static final ScalarShape<StatusRange> STATUS = ScalarShape.of(
            Family.FORM,
            new Words("a status code or range from 100 to 599, such as 204 or 200-399", "status code or range"),
            Definitions.object(
                    "anyOf",
                    List.of(
                            Definitions.object("type", "integer", "minimum", 100, "maximum", 599),
                            Definitions.object("type", "string", "pattern", "^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$"))),
            TextShapes::parseStatus,
            range -> range.from() == range.to() ? (Object) range.from() : range.toString());

    private static final Pattern STATUS_RANGE = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    private TextShapes() {}

    private static boolean isNormal(String path, Located at, Reading reading) {
        boolean normal = !path.contains("//") && !DOT_SEGMENT.matcher(path).find();
        if (!normal) {
            reading.error(at, at.described(), "a path as it is after normalisation: no //, no /./, no /../");
        }
        return normal;
    }

    private static @Nullable String parsePointer(String text) {
        if (!text.isEmpty() && !text.startsWith("/")) {
            return null;
        }
        for (int i = text.indexOf('~'); i >= 0; i = text.indexOf('~', i + 1)) {
            if (!text.startsWith("0", i + 1) && !text.startsWith("1", i + 1)) {
                return null;
            }
        }
        return text.length() > 1_000 || text.chars().anyMatch(Character::isISOControl) ? null : text;
    }

    private static @Nullable StatusRange parseStatus(String text) {
        Matcher range = STATUS_RANGE.matcher(text.toLowerCase(Locale.ROOT));
        if (!range.matches()) {
            return null;
        }
        int from = Integer.parseInt(range.group(1));
        int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
        return to < from ? null : new StatusRange(from, to);
    }
}
