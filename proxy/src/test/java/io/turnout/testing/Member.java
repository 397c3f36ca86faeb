package io.turnout.testing;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose answers to requests and to probes of {@code /healthz} can be changed while it runs. */
public final class Member implements AutoCloseable {
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger probes = new AtomicInteger();
    private final String name;
    private final RawServer server;
    private volatile int status = 200;
    private volatile int probeStatus = 200;
    private volatile int delayMillis;

    private Member(String name) {
        this.name = name;
        server = RawServer.start(this::serve);
    }

    /** A backend that is well and answers with this text. */
    public static Member saying(String name) {
        return new Member(name);
    }

    private void serve(RawServer.Connection connection) throws IOException {
        for (String head; !(head = connection.readHead()).isEmpty(); ) {
            boolean probe = head.startsWith("GET /healthz ");
            (probe ? probes : requests).incrementAndGet();
            if (!probe && delayMillis > 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(delayMillis * 1_000_000L);
            }
            connection.write("HTTP/1.1 " + (probe ? probeStatus : status) + " x\r\nContent-Length: " + name.length()
                    + "\r\n\r\n" + name);
            if (head.contains("Connection: close")) {
                return;
            }
        }
    }

    /** What it answers requests with from now on. */
    public void answer(int newStatus) {
        status = newStatus;
    }

    /** What it answers probes with from now on. */
    public void answerProbes(int newStatus) {
        probeStatus = newStatus;
    }

    /** How long it takes for an answer from now on. */
    public void delay(int millis) {
        delayMillis = millis;
    }

    /** Requests that were no probes. */
    public int requests() {
        return requests.get();
    }

    /** Probes. */
    public int probes() {
        return probes.get();
    }

    /** Where it listens, as in a configuration. */
    public String address() {
        return "127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
