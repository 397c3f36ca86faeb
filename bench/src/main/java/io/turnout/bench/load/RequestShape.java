package io.turnout.bench.load;

/**
 * What is asked for, the same each time. Immutable.
 *
 * @param target path and query
 * @param uploadBytes length of the request's body, a {@link io.turnout.bench.wire.PatternBody}; 0 for a GET
 * @param answerBytes length the answer must have; for an upload -1, as its receipt is checked instead
 * @param checking whether the octets of the answer are summed and compared too
 * @param readBytesPerSecond how fast the answer is read at most, 0 for no limit
 */
public record RequestShape(
        String target, long uploadBytes, long answerBytes, Checking checking, long readBytesPerSecond) {
    /** How closely answers are looked at. */
    public enum Checking {
        /** Status and length. */
        LENGTH,
        /** Also every octet, by check sum. */
        CONTENT
    }

    public RequestShape {
        if (!target.startsWith("/") || uploadBytes < 0 || answerBytes < -1 || readBytesPerSecond < 0) {
            throw new IllegalArgumentException("found target " + target + ", " + uploadBytes + " B up, " + answerBytes
                    + " B down, " + readBytesPerSecond + " B/s");
        }
    }

    /** A GET whose answer has this length. */
    public static RequestShape get(String target, long answerBytes) {
        return new RequestShape(target, 0, answerBytes, Checking.LENGTH, 0);
    }

    /** A GET whose answer is streamed, read at most so fast, and checked octet by octet. */
    public static RequestShape slowDownload(long bytes, long readBytesPerSecond) {
        return new RequestShape("/bytes/" + bytes, 0, bytes, Checking.CONTENT, readBytesPerSecond);
    }

    /** A POST of so many octets to a sink that reads at most so fast (0: no limit). */
    public static RequestShape upload(long bytes, long sinkBytesPerSecond) {
        String query = sinkBytesPerSecond == 0 ? "" : "?rate=" + sinkBytesPerSecond;
        return new RequestShape("/sink" + query, bytes, -1, Checking.CONTENT, 0);
    }

    boolean isUpload() {
        return uploadBytes > 0;
    }
}
