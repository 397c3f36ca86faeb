package io.turnout.http;

/**
 * How large a head may be. Immutable.
 *
 * @param startLineBytes request or status line without its CRLF; more is 414 on a request (RFC 9112 section 3)
 * @param headBytes whole head including line ends; more is 431 (RFC 6585 section 5)
 * @param fields number of field lines; more is 431
 * @param encodedSlashes what a path may hide
 */
public record HeadLimits(int startLineBytes, int headBytes, int fields, EncodedSlashes encodedSlashes) {
    /** 16 KiB, 32 KiB, 200. */
    public static final HeadLimits DEFAULT = new HeadLimits(16 * 1024, 32 * 1024, 200);

    /** Limits under which encoded slashes are kept. */
    public HeadLimits(int startLineBytes, int headBytes, int fields) {
        this(startLineBytes, headBytes, fields, EncodedSlashes.KEEP);
    }

    public HeadLimits {
        if (startLineBytes < 1 || headBytes < startLineBytes || fields < 1) {
            throw new IllegalArgumentException(
                    "limits out of order: " + startLineBytes + "/" + headBytes + "/" + fields);
        }
    }
}
