package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.control.Cause;
import io.turnout.control.Command;
import io.turnout.testing.RawServer;
import io.turnout.testing.SteadyLoad;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred who listen to the event stream, ten of them stuck: nobody else notices. */
@Timeout(120)
class ManyListenersTest {
    private static final int READING = 90;
    private static final int STUCK = 10;
    private static final String REQUEST = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void theStuckOnesAreDroppedAndCountedAndNoRequestFails() throws Exception {
        try (RawServer backend = RawServer.start(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                Turnout turnout = Turnout.start(file(backend));
                Listeners reading = new Listeners(turnout.adminAddress(), READING)) {
            List<Socket> stuck = stuck(turnout.adminAddress());
            await().until(() -> metric(turnout, "turnout_event_clients") == READING + STUCK);
            SteadyLoad.Report report;
            try (SteadyLoad load = SteadyLoad.start(turnout.address("web").getPort(), 4, 200)) {
                int changes = changeUntilTheyAreDropped(turnout);
                long heard = reading.octets.get();
                await().until(() -> reading.octets.get() > heard);
                report = load.stop();
                System.out.printf(
                        "%d listeners, %d stuck: %d changes, %d requests, %d failed, p99 %.1f ms%n",
                        READING + STUCK, STUCK, changes, report.answered(), report.failed(), p99(turnout));
            }

            assertThat(report.failures()).isEmpty();
            assertThat(report.failed() + report.refused()).isZero();
            assertThat(report.answered()).isPositive();
            assertThat(metric(turnout, "turnout_event_clients_dropped_total")).isEqualTo(STUCK);
            assertThat(metric(turnout, "turnout_event_clients")).isEqualTo(READING);
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    private Path file(RawServer backend) throws IOException {
        Path file = folder.resolve("turnout.yaml");
        Files.writeString(file, """
                listeners: [{name: web, address: 127.0.0.1:0}]
                admin: {address: 127.0.0.1:0}
                workers: 2
                pools:
                  blue: {endpoints: [127.0.0.1:%d]}
                  green: {endpoints: [127.0.0.1:%d]}
                routes:
                  - name: shop
                    split: {weights: {blue: 90, green: 10}}
                """.formatted(backend.port(), backend.port()));
        return file;
    }

    private static List<Socket> stuck(InetSocketAddress address) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < STUCK; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.connect(address);
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }
        return sockets;
    }

    /** Each change is an audit entry and a status for everybody; those who do not read fall behind by as much. */
    private int changeUntilTheyAreDropped(Turnout turnout) throws Exception {
        int changes = 0;
        while (metric(turnout, "turnout_event_clients_dropped_total") < STUCK) {
            for (int i = 0; i < 20; i++, changes++) {
                Map<String, Integer> weights = Map.of("blue", 90 - changes % 2, "green", 10);
                turnout.control()
                        .submit(new Command.SetWeights("shop", weights, null, Cause.of("test", Cause.API)))
                        .join();
            }
        }
        return changes;
    }

    private static double p99(Turnout turnout) {
        return Objects.requireNonNull(Objects.requireNonNull(turnout.control().route("shop"))
                .variants()
                .get(0)
                .latency()
                .p99());
    }

    private double metric(Turnout turnout, String name) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + turnout.adminAddress().getPort() + "/metrics");
        String page = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher value = Pattern.compile("(?m)^" + name + " ([0-9.E]+)$").matcher(page);
        assertThat(value.find()).as(name).isTrue();
        return Double.parseDouble(value.group(1));
    }

    /** Reads everything that comes, on one thread. */
    private static final class Listeners implements AutoCloseable {
        final AtomicLong octets = new AtomicLong();
        private final List<SocketChannel> channels = new ArrayList<>();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread thread = new Thread(this::read, "listeners");

        Listeners(InetSocketAddress address, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(address);
                channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
                channel.configureBlocking(false);
                channels.add(channel);
            }
            thread.start();
        }

        private void read() {
            try (var selector = Selector.open()) {
                for (SocketChannel channel : channels) {
                    channel.register(selector, SelectionKey.OP_READ);
                }
                ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
                while (!ended.get()) {
                    selector.select(
                            key -> {
                                try {
                                    int read = ((SocketChannel) key.channel()).read(buffer.clear());
                                    octets.addAndGet(Math.max(0, read));
                                    if (read < 0) {
                                        key.cancel();
                                    }
                                } catch (IOException e) {
                                    key.cancel();
                                }
                            },
                            100);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws IOException {
            ended.set(true);
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }
}
