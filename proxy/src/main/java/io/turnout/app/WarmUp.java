package io.turnout.app;

import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.config.HostPort;
import io.turnout.listener.BindException;
import io.turnout.listener.DataPlane;
import io.turnout.listener.Transport;
import io.turnout.model.Ticker;
import io.turnout.routing.VisitorMint;
import io.turnout.snapshot.Overlay;
import io.turnout.snapshot.SnapshotCompiler;
import io.turnout.snapshot.SnapshotRef;
import io.turnout.telemetry.LoopMeter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests of its own through a data plane of its own, so that the first clients do not wait until classes are
 * loaded and compiled. It has a listener, a route and a backend of its own on the loopback interface and goes away with
 * them: no metric, guard, log or pool of the configuration hears of it.
 *
 * <p>Bounded by a number of requests and by time, whichever is first. When it fails, the start goes on without it.
 * Stateless.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int REQUESTS = 1000;
    private static final long MOST_NANOS = 250_000_000;
    private static final int ANSWER_MILLIS = 1000;
    private static final byte[] REQUEST = octets("""
            GET /a/b?c=d HTTP/1.1
            Host: warm-up.localhost
            User-Agent: warm-up
            Accept: */*
            Accept-Encoding: gzip, deflate
            Cookie: a=b

            """);
    private static final byte[] ANSWER = octets("""
            HTTP/1.1 200 OK
            Content-Type: text/plain
            Content-Length: 4

            warm""");
    private static final byte[] BODY = octets("warm");
    private static final byte[] END_OF_HEAD = octets("\n\n");

    private WarmUp() {}

    private static byte[] octets(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Warms up the process, and answers how many requests came back; never fails. */
    static int run(Transport transport) {
        try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(backend), "warm-up");
            answering.setDaemon(true);
            answering.start();
            return throughAPlane(transport, backend.getLocalPort());
        } catch (IOException | BindException | RuntimeException e) {
            LOG.debug("no warm-up", e);
            return 0;
        }
    }

    private static int throughAPlane(Transport transport, int backendPort) throws BindException, IOException {
        ConfigResult read = ConfigReader.read("warm-up", """
                listeners: [{name: web, address: 127.0.0.1:0}]
                pools: {own: [127.0.0.1:%d]}
                routes: [{name: all, split: {own: 1}}]
                """.formatted(backendPort), name -> null, null);
        if (!(read instanceof ConfigResult.Valid valid)) {
            throw new AssertionError(read.problems());
        }
        SnapshotCompiler.Candidate world =
                new SnapshotCompiler(1).compile(valid.config(), Overlay.NONE, WarmUp::resolved, 1);
        DataPlane plane = DataPlane.start(
                transport,
                new SnapshotRef(world.snapshot()),
                List.of(new LoopMeter()),
                new VisitorMint(new byte[VisitorMint.SECRET_BYTES], 1),
                entry -> true,
                job -> false,
                Ticker.SYSTEM);
        try (plane) {
            plane.follow(world.snapshot().listeners());
            return ask(plane.address("web"));
        }
    }

    private static InetSocketAddress resolved(HostPort address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    private static int ask(InetSocketAddress proxy) throws IOException {
        long end = System.nanoTime() + MOST_NANOS;
        try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setTcpNoDelay(true);
            int answered = 0;
            while (answered < REQUESTS && System.nanoTime() - end < 0) {
                socket.getOutputStream().write(REQUEST);
                if (!readUntil(socket.getInputStream(), BODY)) {
                    break;
                }
                answered++;
            }
            return answered;
        }
    }

    private static void answer(ServerSocket backend) {
        try (Socket socket = backend.accept()) {
            socket.setTcpNoDelay(true);
            while (readUntil(socket.getInputStream(), END_OF_HEAD)) {
                socket.getOutputStream().write(ANSWER);
            }
        } catch (IOException e) {
            // The warm-up is over.
        }
    }

    /** Reads until the last octets are these; answers false when the stream ended before. */
    private static boolean readUntil(InputStream in, byte[] end) throws IOException {
        byte[] last = new byte[1024];
        int length = 0;
        while (length < end.length || !Arrays.equals(last, length - end.length, length, end, 0, end.length)) {
            int read = in.read(last, length, last.length - length);
            if (read <= 0) {
                return false;
            }
            length += read;
        }
        return true;
    }
}
