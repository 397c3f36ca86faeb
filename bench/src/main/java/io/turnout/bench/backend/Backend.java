package io.turnout.bench.backend;

import io.netty.channel.Channel;
import io.turnout.bench.wire.Dialect;
import io.turnout.bench.wire.HarnessLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service that costs as little as it can, so that the proxy is what is measured.
 *
 * <p>{@code GET /1k} and {@code /1m} answer so many octets from memory, {@code GET /bytes/N} streams N octets of the
 * {@link io.turnout.bench.wire.PatternBody}, {@code /sink} takes a body and answers its length and check sum (with
 * {@code ?rate=N} it reads N octets a second at most), {@code /echo} sends a body back, {@code /healthz} is always well.
 *
 * <p>Safe for any thread; connections live on the harness loop.
 */
public final class Backend implements AutoCloseable {
    private final Channel server;
    private final AtomicLong answered = new AtomicLong();
    private final Answers answers;

    private Backend(HarnessLoop loop, int port, Dialect dialect) {
        answers = new Answers(loop.loop());
        server = loop.listen(
                HarnessLoop.loopback(port),
                () -> dialect.isH2()
                        ? new H2BackendConnection(answers, answered)
                        : new BackendConnection(answers, answered));
    }

    /**
     * Starts a backend on the loopback interface.
     *
     * @param port 0 for any that is free
     */
    public static Backend start(HarnessLoop loop, int port) {
        return new Backend(loop, port, Dialect.H1);
    }

    /** Starts one that speaks HTTP/2 with prior knowledge and answers 1 KiB to everything. */
    public static Backend startH2(HarnessLoop loop, int port) {
        return new Backend(loop, port, Dialect.H2C);
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Requests answered so far. */
    public long answered() {
        return answered.get();
    }

    /** Stops listening; close it once, and its connections with their loop. */
    @Override
    public void close() {
        server.close().syncUninterruptibly();
        answers.close();
    }
}
