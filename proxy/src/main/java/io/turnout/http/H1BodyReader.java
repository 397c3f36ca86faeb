package io.turnout.http;

import io.netty.buffer.ByteBuf;
import io.turnout.http.H1HeadReader.SpaceBeforeColon;
import org.jspecify.annotations.Nullable;

/**
 * Finds the content and the end of an HTTP/1 body (RFC 9112 sections 6 and 7), one piece per call.
 *
 * <p>Pulled rather than pushed, so that whatever the caller does with a piece, closing the connection included, happens
 * outside this class. One per connection; confined to its event loop.
 */
public final class H1BodyReader {
    /** What the last call found. */
    public enum Piece {
        /** More octets are wanted, or for {@link Framing#CLOSE} the end of the connection. */
        MORE,
        /** Content; {@link #dataLength()} octets from {@link #dataIndex()} of the buffer, which has moved past them. */
        DATA,
        /** The body is complete; {@link #trailers()} may hold fields. */
        END,
        /** The body breaks a rule, see {@link #refusal()}; nothing after it can be trusted. */
        REFUSED
    }

    private enum State {
        SIZE_FIRST,
        SIZE,
        EXTENSIONS,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        ENDED
    }

    /** A chunk size has at most this many hexadecimal digits, so it cannot overflow a long. */
    private static final int MAX_SIZE_DIGITS = 15;

    private static final HeadLimits TRAILER_LIMITS = new HeadLimits(8 * 1024, 8 * 1024, 100);

    private final ChunkExtensions extensions = new ChunkExtensions();

    private Framing framing = Framing.NONE;
    private State state = State.ENDED;
    private long remaining;
    private int digits;
    private int glitches;
    private int dataIndex;
    private int dataLength;
    private Refusal refusal = Refusal.CHUNK_SIZE;
    private @Nullable TrailerSection trailers;

    /** Prepares for the body of a new message; the length counts only for {@link Framing#LENGTH}. */
    public void begin(Framing newFraming, long contentLength) {
        framing = newFraming;
        remaining = newFraming == Framing.LENGTH ? contentLength : 0;
        digits = 0;
        glitches = 0;
        state = newFraming == Framing.STREAM ? State.SIZE_FIRST : State.DATA;
        if (newFraming == Framing.NONE) {
            state = State.ENDED;
        }
        if (trailers != null) {
            trailers.clear();
        }
    }

    /** Whether the end of the body has been read. */
    public boolean ended() {
        return state == State.ENDED;
    }

    /** Whether the end of the connection ends the body cleanly. */
    public boolean endsWithConnection() {
        return framing == Framing.CLOSE;
    }

    /** Legal things in this body that no honest client needs: chunk extensions, and trailers that were dropped. */
    public int glitches() {
        return glitches;
    }

    /** Index of the content in the buffer last passed in. */
    public int dataIndex() {
        return dataIndex;
    }

    /** Octets of content. */
    public int dataLength() {
        return dataLength;
    }

    /** Why the last call answered {@link Piece#REFUSED}. */
    public Refusal refusal() {
        return refusal;
    }

    /** The trailer fields, or null when there are none; valid until {@link #begin}. */
    public @Nullable Fields trailers() {
        return trailers == null || trailers.fields.count() == 0 ? null : trailers.fields;
    }

    /** Takes the next piece from the buffer. */
    public Piece next(ByteBuf in) {
        if (state == State.ENDED) {
            return Piece.END;
        }
        if (framing == Framing.CLOSE) {
            return in.isReadable() ? data(in, in.readableBytes()) : Piece.MORE;
        }
        if (framing == Framing.LENGTH) {
            if (remaining == 0) {
                state = State.ENDED;
                return Piece.END;
            }
            return in.isReadable() ? data(in, (int) Math.min(remaining, in.readableBytes())) : Piece.MORE;
        }
        return nextChunked(in);
    }

    private Piece data(ByteBuf in, int length) {
        dataIndex = in.readerIndex();
        dataLength = length;
        in.skipBytes(length);
        remaining -= length;
        return Piece.DATA;
    }

    private Piece nextChunked(ByteBuf in) {
        while (true) {
            if (state == State.TRAILERS) {
                return nextTrailer(in);
            }
            if (!in.isReadable()) {
                return Piece.MORE;
            }
            if (state == State.DATA) {
                Piece piece = data(in, (int) Math.min(remaining, in.readableBytes()));
                if (remaining == 0) {
                    state = State.DATA_CR;
                }
                return piece;
            }
            if (!step(in.readByte())) {
                return Piece.REFUSED;
            }
        }
    }

    /** One octet of what stands between the contents of chunks (RFC 9112 section 7.1). */
    private boolean step(byte b) {
        return switch (state) {
            case SIZE_FIRST, SIZE -> onSize(b);
            case EXTENSIONS -> onExtensions(b);
            case SIZE_LF -> {
                state = remaining == 0 ? State.TRAILERS : State.DATA;
                yield b == '\n' || refuse(Refusal.CHUNK_SIZE);
            }
            case DATA_CR -> {
                state = State.DATA_LF;
                yield b == '\r' || refuse(Refusal.CHUNK_END);
            }
            case DATA_LF -> {
                state = State.SIZE_FIRST;
                digits = 0;
                remaining = 0;
                yield b == '\n' || refuse(Refusal.CHUNK_END);
            }
            case DATA, TRAILERS, ENDED -> throw new AssertionError(state);
        };
    }

    private boolean onSize(byte b) {
        int digit = Octets.hex(b);
        if (digit >= 0) {
            remaining = remaining << 4 | digit;
            state = State.SIZE;
            return ++digits <= MAX_SIZE_DIGITS || refuse(Refusal.CHUNK_SIZE);
        }
        if (state == State.SIZE_FIRST) {
            return refuse(Refusal.CHUNK_SIZE);
        }
        if (b == '\r') {
            state = State.SIZE_LF;
            return true;
        }
        if (b == ';' || H1HeadReader.isBlank(b)) {
            extensions.begin(b);
            glitches++;
            state = State.EXTENSIONS;
            return true;
        }
        return refuse(Refusal.CHUNK_SIZE);
    }

    /** None is passed on. */
    private boolean onExtensions(byte b) {
        boolean good = b == '\r' ? extensions.mayEnd() : extensions.take(b);
        if (b == '\r') {
            state = State.SIZE_LF;
        }
        return good || refuse(extensions.isBegun() ? Refusal.CHUNK_EXTENSION : Refusal.CHUNK_SIZE);
    }

    private Piece nextTrailer(ByteBuf in) {
        TrailerSection section = trailers;
        if (section == null) {
            section = new TrailerSection();
            trailers = section;
        }
        Piece piece = section.next(in);
        if (piece == Piece.END) {
            state = State.ENDED;
            glitches += section.dropped;
        } else if (piece == Piece.REFUSED) {
            refusal = Refusal.TRAILER;
        }
        return piece;
    }

    private boolean refuse(Refusal reason) {
        refusal = reason;
        return false;
    }

    /** The lines after the last chunk (RFC 9112 section 7.1.2). */
    private static final class TrailerSection {
        final Fields fields = new Fields();
        private final H1HeadReader reader = new H1HeadReader();
        private int lineStart;
        private int scanned;
        private int dropped;

        void clear() {
            fields.clear();
            dropped = 0;
            lineStart = 0;
            scanned = 0;
        }

        Piece next(ByteBuf in) {
            while (true) {
                int end = reader.lineEnd(fields, scanned, TRAILER_LIMITS.headBytes(), in);
                if (end == H1HeadReader.REFUSED) {
                    return Piece.REFUSED;
                }
                if (end == H1HeadReader.MORE) {
                    scanned = H1HeadReader.resumeAt(fields, lineStart);
                    return in.isReadable() ? Piece.REFUSED : Piece.MORE;
                }
                int start = lineStart;
                lineStart = end + 2;
                scanned = end + 2;
                if (start == end) {
                    H1HeadReader.giveBack(fields, end + 2, in);
                    dropped = TrailerRules.dropForbidden(fields);
                    return Piece.END;
                }
                if (fields.count() == TRAILER_LIMITS.fields()
                        || H1HeadReader.field(fields, start, end, SpaceBeforeColon.REFUSED) != null) {
                    return Piece.REFUSED;
                }
            }
        }
    }
}
