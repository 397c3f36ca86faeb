package io.turnout.http;

/**
 * The head of one answer, interim or final, the same whichever HTTP version carried it.
 *
 * <p>Filled by a parser or by {@link #begin}; reused; confined to one event loop.
 */
public final class ResponseHead {
    private final Fields fields = new Fields();

    int lineStart;
    int scanned;
    boolean hasStatusLine;

    int status;
    int reasonStart;
    int reasonEnd;
    int minorVersion = 1;
    boolean overHttp2;
    Framing framing = Framing.NONE;
    long contentLength = -1;
    boolean keepAlive = true;

    /** The fields; dropping and adding there changes what is passed on. */
    public Fields fields() {
        return fields;
    }

    /** Status code, 100 to 599. */
    public int status() {
        return status;
    }

    /** Whether a final answer is still to come (RFC 9110 section 15.2). */
    public boolean isInterim() {
        return status < 200;
    }

    /** Which of {@link Via#VALUES} says what it came by. */
    int via() {
        return overHttp2 ? Via.HTTP_2 : Math.min(minorVersion, 1);
    }

    /** How the end of the body is known. */
    public Framing framing() {
        return framing;
    }

    /** What {@code Content-Length} said, -1 when it said nothing; an answer to HEAD may carry one without a body. */
    public long contentLength() {
        return contentLength;
    }

    /** Whether the connection it came on can carry another exchange afterwards. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Says the same under another status, as one version of HTTP has another word for it than the other. */
    public void restate(int newStatus) {
        if (status != newStatus) {
            status = newStatus;
            reasonEnd = reasonStart;
        }
    }

    /** Starts an answer of our own with this status and framing. */
    public ResponseHead begin(int newStatus, Framing newFraming, long newContentLength) {
        clear();
        status = newStatus;
        framing = newFraming;
        contentLength = newContentLength;
        return this;
    }

    /** Forgets the answer, ready for the next. */
    public void clear() {
        fields.clear();
        lineStart = 0;
        scanned = 0;
        hasStatusLine = false;
        status = 0;
        reasonStart = 0;
        reasonEnd = 0;
        minorVersion = 1;
        overHttp2 = false;
        framing = Framing.NONE;
        contentLength = -1;
        keepAlive = true;
    }
}
