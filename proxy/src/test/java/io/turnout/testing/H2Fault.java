package io.turnout.testing;

import static io.turnout.testing.H2Client.CANCEL;
import static io.turnout.testing.H2Client.DATA;
import static io.turnout.testing.H2Client.END_STREAM;
import static io.turnout.testing.H2Client.GOAWAY;
import static io.turnout.testing.H2Client.INTERNAL_ERROR;
import static io.turnout.testing.H2Client.NO_ERROR;
import static io.turnout.testing.H2Client.REFUSED_STREAM;
import static io.turnout.testing.H2Client.RST_STREAM;
import static io.turnout.testing.H2Client.WINDOW_UPDATE;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** What a backend that speaks HTTP/2 may do with a request. */
public enum H2Fault {
    /** The good answer: {@link Fault#BODY}. */
    NONE {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(stream, END_STREAM, Fault.BODY);
            return true;
        }
    },
    TRAILERS {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(stream, 0, Fault.BODY).headers(stream, END_STREAM, "x-sum", "1");
            return true;
        }
    },
    INTERIM_HEADS {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.headers(stream, 0, ":status", "103").headers(stream, 0, ":status", "103");
            return NONE.plays(peer, stream);
        }
    },
    EMPTY_ANSWER {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.headers(stream, END_STREAM, ":status", "503");
            return true;
        }
    },
    SILENCE {
        @Override
        boolean plays(H2Client peer, int stream) {
            return true;
        }
    },
    SILENCE_IN_THE_BODY {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(stream, 0, HALF);
            return true;
        }
    },
    REFUSAL {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.frame(RST_STREAM, 0, stream, REFUSED_STREAM);
            return true;
        }
    },
    RESET_BEFORE_THE_HEAD {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.frame(RST_STREAM, 0, stream, INTERNAL_ERROR);
            return true;
        }
    },
    RESET_IN_THE_BODY {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(stream, 0, HALF).frame(RST_STREAM, 0, stream, CANCEL);
            return true;
        }
    },
    RESET_BEHIND_THE_END {
        @Override
        boolean plays(H2Client peer, int stream) {
            NONE.plays(peer, stream);
            peer.frame(RST_STREAM, 0, stream, NO_ERROR);
            return true;
        }
    },
    BODY_TOO_SHORT {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(stream, END_STREAM, HALF);
            return true;
        }
    },
    BODY_TOO_LONG {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(stream, 0, Fault.BODY).data(stream, END_STREAM, "more");
            return true;
        }
    },
    NO_STATUS {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.headers(stream, 0, "x-status", "200").data(stream, END_STREAM, Fault.BODY);
            return true;
        }
    },
    FORBIDDEN_FIELD {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.headers(stream, 0, ":status", "200", "transfer-encoding", "chunked");
            peer.data(stream, END_STREAM, Fault.BODY);
            return true;
        }
    },
    BODY_BEFORE_THE_HEAD {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.data(stream, END_STREAM, Fault.BODY);
            return true;
        }
    },
    WINDOW_OF_NOTHING {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.frame(WINDOW_UPDATE, 0, stream, 0);
            return true;
        }
    },
    GOODBYE_THEN_THE_ANSWER {
        @Override
        boolean plays(H2Client peer, int stream) {
            goAway(peer, stream, NO_ERROR);
            return NONE.plays(peer, stream);
        }
    },
    GOODBYE_WITHOUT_LOOKING {
        @Override
        boolean plays(H2Client peer, int stream) {
            goAway(peer, Math.max(0, stream - 2), NO_ERROR);
            return false;
        }
    },
    END_BEFORE_THE_HEAD {
        @Override
        boolean plays(H2Client peer, int stream) {
            return false;
        }
    },
    END_IN_THE_BODY {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(stream, 0, HALF);
            return false;
        }
    },
    END_IN_A_FRAME {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).send(new byte[] {0, 1, 0, DATA, 0});
            return false;
        }
    },
    DATA_ON_NO_STREAM {
        @Override
        boolean plays(H2Client peer, int stream) {
            head(peer, stream).data(0, 0, "to whom?");
            return true;
        }
    },
    HTTP_1 {
        @Override
        boolean plays(H2Client peer, int stream) {
            peer.send(Fault.WHOLE_ANSWER.getBytes(StandardCharsets.US_ASCII));
            return false;
        }
    };

    private static final String HALF = Fault.BODY.substring(0, Fault.BODY.length() / 2);

    /** Commits it; answers whether the connection goes on. */
    abstract boolean plays(H2Client peer, int stream);

    private static H2Client head(H2Client peer, int stream) {
        return peer.headers(stream, 0, ":status", "200", "content-length", Integer.toString(Fault.BODY.length()));
    }

    private static void goAway(H2Client peer, int last, int error) {
        peer.frame(
                GOAWAY,
                0,
                0,
                (byte) (last >> 24),
                (byte) (last >> 16),
                (byte) (last >> 8),
                (byte) last,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) error);
    }

    /** A server that asks for the fault of each request, without waiting for a request's content. */
    public static RawServer server(Supplier<H2Fault> next) {
        return RawServer.start(connection -> {
            H2Client peer = H2Client.serving(connection.socket()).neverTire();
            for (int stream; (stream = peer.awaitRequest()) > 0; ) {
                if (!next.get().plays(peer, stream)) {
                    return;
                }
            }
        });
    }
}
