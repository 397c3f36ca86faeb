package io.turnout.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Status codes and their reason phrases (RFC 9110 section 15, RFC 6585). Stateless. */
public final class Status {
    private static final byte[] NONE = new byte[0];
    private static final byte[][] REASONS = new byte[600][];

    static {
        Arrays.fill(REASONS, NONE);
        reason(100, "Continue");
        reason(101, "Switching Protocols");
        reason(102, "Processing");
        reason(103, "Early Hints");
        reason(200, "OK");
        reason(201, "Created");
        reason(202, "Accepted");
        reason(203, "Non-Authoritative Information");
        reason(204, "No Content");
        reason(205, "Reset Content");
        reason(206, "Partial Content");
        reason(300, "Multiple Choices");
        reason(301, "Moved Permanently");
        reason(302, "Found");
        reason(303, "See Other");
        reason(304, "Not Modified");
        reason(307, "Temporary Redirect");
        reason(308, "Permanent Redirect");
        reason(400, "Bad Request");
        reason(401, "Unauthorized");
        reason(403, "Forbidden");
        reason(404, "Not Found");
        reason(405, "Method Not Allowed");
        reason(406, "Not Acceptable");
        reason(408, "Request Timeout");
        reason(409, "Conflict");
        reason(410, "Gone");
        reason(411, "Length Required");
        reason(412, "Precondition Failed");
        reason(413, "Content Too Large");
        reason(414, "URI Too Long");
        reason(415, "Unsupported Media Type");
        reason(417, "Expectation Failed");
        reason(421, "Misdirected Request");
        reason(422, "Unprocessable Content");
        reason(426, "Upgrade Required");
        reason(429, "Too Many Requests");
        reason(431, "Request Header Fields Too Large");
        reason(500, "Internal Server Error");
        reason(501, "Not Implemented");
        reason(502, "Bad Gateway");
        reason(503, "Service Unavailable");
        reason(504, "Gateway Timeout");
        reason(505, "HTTP Version Not Supported");
        reason(508, "Loop Detected");
    }

    private Status() {}

    private static void reason(int status, String text) {
        REASONS[status] = text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The reason phrase of a status, empty for one without a standard phrase. */
    public static String reason(int status) {
        return new String(reasonOctets(status), StandardCharsets.US_ASCII);
    }

    static byte[] reasonOctets(int status) {
        return status >= 0 && status < REASONS.length ? REASONS[status] : NONE;
    }
}
