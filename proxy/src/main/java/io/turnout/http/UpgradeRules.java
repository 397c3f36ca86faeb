package io.turnout.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which change of protocol a client may ask for and a backend may grant (RFC 9110 section 7.8). Stateless.
 *
 * <p>{@code h2c} is never among them: what would follow is HTTP that nobody here has looked at (RFC 9113 section 3.1).
 */
public final class UpgradeRules {
    private UpgradeRules() {}

    /** What is offered upstream for a request, comma-separated, or null: HTTP/1.0, a body, or nothing asked for. */
    static @Nullable String offered(RequestHead head) {
        Fields fields = head.fields();
        if (!fields.has(KnownField.UPGRADE)
                || head.minorVersion == 0
                || head.framing != Framing.NONE
                || !FieldList.contains(fields, KnownField.CONNECTION, "upgrade")) {
            return null;
        }
        StringBuilder offered = new StringBuilder();
        FieldList.forEach(fields, KnownField.UPGRADE, (bytes, start, end) -> {
            if (isProtocol(bytes, start, end) && !isHttp(bytes, start, end)) {
                offered.append(offered.isEmpty() ? "" : ", ").append(fields.text(start, end));
            }
            return true;
        });
        return offered.isEmpty() ? null : offered.toString();
    }

    /** The one protocol an answer of 101 changes to, or null when it is not one that was offered. */
    public static @Nullable String granted(ResponseHead answer, @Nullable String offered) {
        Fields fields = answer.fields();
        int index = fields.find(KnownField.UPGRADE);
        if (offered == null
                || index < 0
                || fields.findFrom(KnownField.UPGRADE, index + 1) >= 0
                || !FieldList.contains(fields, KnownField.CONNECTION, "upgrade")) {
            return null;
        }
        String granted = fields.value(index);
        for (String protocol : offered.toLowerCase(Locale.ROOT).split(", ")) {
            if (protocol.equals(granted.toLowerCase(Locale.ROOT))) {
                return granted;
            }
        }
        return null;
    }

    private static boolean isHttp(byte[] bytes, int start, int end) {
        return startsWith(bytes, start, end, "h2c") || startsWith(bytes, start, end, "http");
    }

    private static boolean startsWith(byte[] bytes, int start, int end, String lowerCase) {
        int to = start + lowerCase.length();
        return to <= end && Octets.equalsIgnoreCase(bytes, start, to, lowerCase) && (to == end || bytes[to] == '/');
    }

    /** {@code token ["/" token]}. */
    private static boolean isProtocol(byte[] bytes, int start, int end) {
        int slash = start;
        while (slash < end && bytes[slash] != '/') {
            slash++;
        }
        return Octets.isToken(bytes, start, slash) && (slash == end || Octets.isToken(bytes, slash + 1, end));
    }
}
