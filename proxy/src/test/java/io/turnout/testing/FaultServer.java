package io.turnout.testing;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A backend that reads each request whole and then commits a fault; counts what was delivered to it. */
public final class FaultServer implements AutoCloseable {
    private final RawServer server;
    private final AtomicInteger delivered = new AtomicInteger();

    private FaultServer(Supplier<Fault> next, Fault.Pace pace) {
        server = RawServer.start(connection -> {
            for (String head; !(head = connection.readHead()).isEmpty(); ) {
                readBody(connection, head);
                delivered.incrementAndGet();
                if (!next.get().plays(connection, pace)) {
                    return;
                }
            }
        });
    }

    /** A server that asks for the fault of each request. */
    public static FaultServer start(Supplier<Fault> next, Fault.Pace pace) {
        return new FaultServer(next, pace);
    }

    private static void readBody(RawServer.Connection connection, String head) throws IOException {
        String length = RawClient.field(head, "content-length");
        if (length != null) {
            connection.readBody(Integer.parseInt(length));
        } else if (RawClient.field(head, "transfer-encoding") != null) {
            connection.readUntil("0\r\n\r\n");
        }
    }

    /** Port it listens on. */
    public int port() {
        return server.port();
    }

    /** Whole requests it has read. */
    public int delivered() {
        return delivered.get();
    }

    @Override
    public void close() {
        server.close();
    }
}
