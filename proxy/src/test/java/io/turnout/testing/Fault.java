package io.turnout.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One way in which a backend misbehaves, as octets on a connection; what it does to one request. */
public sealed interface Fault {
    /** What an honest proxy may make of it for the client. */
    enum Allowed {
        /** An answer of the proxy's own: 502, 503 or 504. */
        GATEWAY_ERROR,
        /** The backend's answer, whole and as it was meant. */
        WHOLE,
        /** The beginning of the answer and an end that shows that it is not whole. */
        CUT,
        /** Any of these: it depends on who is faster. */
        ANY_HONEST
    }

    /** What follows the octets. */
    enum After {
        KEEP,
        FIN,
        RESET,
        STAND_STILL
    }

    /** Its name in the report of a test. */
    String name();

    /** What the client may get. */
    Allowed allowed();

    /** Whether the connection can carry another request afterwards. */
    boolean plays(RawServer.Connection connection, Pace pace) throws IOException;

    /** How the octets of a fault are written. */
    enum Pace {
        WHOLE,
        OCTET_BY_OCTET;

        void write(RawServer.Connection to, String octets) throws IOException {
            byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
            if (this == WHOLE) {
                to.write(bytes);
                return;
            }
            for (byte octet : bytes) {
                to.write(new byte[] {octet});
            }
        }
    }

    /** Says something, right or wrong, and then does something. */
    record Says(String name, String octets, After after, Allowed allowed) implements Fault {
        @Override
        public boolean plays(RawServer.Connection connection, Pace pace) throws IOException {
            pace.write(connection, octets);
            switch (after) {
                case KEEP -> {
                    return true;
                }
                case FIN -> {}
                case RESET -> connection.reset();
                case STAND_STILL -> connection.readUntil("never");
            }
            return false;
        }
    }

    /** Answers so many interim answers and then a whole one. */
    record Storm(String name, int interims) implements Fault {
        @Override
        public Allowed allowed() {
            return Allowed.WHOLE;
        }

        @Override
        public boolean plays(RawServer.Connection connection, Pace pace) throws IOException {
            for (int i = 0; i < interims; i++) {
                pace.write(connection, "HTTP/1.1 103 Early Hints\r\nLink: <" + i + ">\r\n\r\n");
            }
            pace.write(connection, WHOLE_ANSWER);
            return true;
        }
    }

    /** Answers whole, then sends something nobody asked for. */
    record Babbles(String name, String surplus) implements Fault {
        @Override
        public Allowed allowed() {
            return Allowed.WHOLE;
        }

        @Override
        public boolean plays(RawServer.Connection connection, Pace pace) throws IOException {
            pace.write(connection, WHOLE_ANSWER + surplus);
            return connection.read() >= 0;
        }
    }

    /** The body of {@link #WHOLE_ANSWER}. */
    String BODY = "0123456789".repeat(400);

    /** An answer without fault. */
    String WHOLE_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + BODY;

    /** All there are. */
    static List<Fault> all() {
        String ok = "HTTP/1.1 200 OK\r\n";
        String chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
        return List.of(
                new Says("no fault at all", WHOLE_ANSWER, After.KEEP, Allowed.WHOLE),
                new Says("closes before the answer", "", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("resets before the answer", "", After.RESET, Allowed.GATEWAY_ERROR),
                new Says("never answers", "", After.STAND_STILL, Allowed.GATEWAY_ERROR),
                new Says("closes in the status line", "HTTP/1.1 20", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("resets in the head", ok + "Content-Le", After.RESET, Allowed.GATEWAY_ERROR),
                new Says("stands still in the head", ok + "X: ", After.STAND_STILL, Allowed.GATEWAY_ERROR),
                new Says("garbage", "\0\1\2\3 not http\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("status of two digits", "HTTP/1.1 20 OK\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("status with letters", "HTTP/1.1 2OO OK\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("another protocol", "SSH-2.0-OpenSSH\r\n", After.STAND_STILL, Allowed.GATEWAY_ERROR),
                new Says("HTTP/2 without asking", "HTTP/2 200\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("a head without end", ok + "X: " + "a".repeat(40_000), After.KEEP, Allowed.GATEWAY_ERROR),
                new Says("fields without end", ok + "X: 1\r\n".repeat(500), After.KEEP, Allowed.GATEWAY_ERROR),
                new Says("NUL in a value", ok + "X: a\0b\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("a folded field", ok + "X: a\r\n b\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("a field without colon", ok + "nonsense\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says("length that is none", ok + "Content-Length: ten\r\n\r\n", After.FIN, Allowed.GATEWAY_ERROR),
                new Says(
                        "two lengths",
                        ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                        After.FIN,
                        Allowed.GATEWAY_ERROR),
                new Says(
                        "length and chunks",
                        ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        After.FIN,
                        Allowed.GATEWAY_ERROR),
                new Says(
                        "an unknown coding",
                        ok + "Transfer-Encoding: gzip\r\n\r\nxx",
                        After.FIN,
                        Allowed.GATEWAY_ERROR),
                new Says(
                        "101 that nobody asked for",
                        "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
                        After.FIN,
                        Allowed.GATEWAY_ERROR),
                new Says("shorter than its length", ok + "Content-Length: 10\r\n\r\nhalf", After.FIN, Allowed.CUT),
                new Says("reset in the body", ok + "Content-Length: 10\r\n\r\nhalf", After.RESET, Allowed.ANY_HONEST),
                new Says(
                        "stands still in the body",
                        ok + "Content-Length: 10\r\n\r\nhalf",
                        After.STAND_STILL,
                        Allowed.CUT),
                new Says("chunks cut between", chunked + "4\r\nhalf\r\n", After.FIN, Allowed.CUT),
                new Says("chunks cut inside", chunked + "8\r\nhalf", After.FIN, Allowed.CUT),
                new Says("a chunk size that is none", chunked + "4\r\nhalf\r\nxyz\r\n", After.FIN, Allowed.CUT),
                new Says("a chunk longer than it says", chunked + "2\r\nhalf\r\n0\r\n\r\n", After.FIN, Allowed.CUT),
                new Says("no end of the last chunk", chunked + "4\r\nhalf\r\n0\r\n", After.FIN, Allowed.CUT),
                new Says("a trailer that is none", chunked + "4\r\nhalf\r\n0\r\nbad\r\n\r\n", After.FIN, Allowed.CUT),
                new Says("a body until the end", ok + "\r\n" + BODY, After.FIN, Allowed.WHOLE),
                new Says("an answer as old as HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n" + BODY, After.FIN, Allowed.WHOLE),
                new Says("closes without saying so", WHOLE_ANSWER, After.FIN, Allowed.WHOLE),
                new Storm("two hundred interim answers", 200),
                new Babbles("a second answer", WHOLE_ANSWER),
                new Babbles("octets behind the answer", "x"));
    }
}
