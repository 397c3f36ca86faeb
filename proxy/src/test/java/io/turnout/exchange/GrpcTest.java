package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.turnout.model.Outcome;
import io.turnout.testing.H2Client;
import io.turnout.testing.Nginx;
import io.turnout.testing.OctetCalls;
import io.turnout.testing.RawServer;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real gRPC client and a real gRPC server with Turnout between them. */
class GrpcTest {
    private static final MethodDescriptor<byte[], byte[]> UNARY = OctetCalls.method("unary", MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> UP = OctetCalls.method("up", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> DOWN = OctetCalls.method("down", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> BIDI = OctetCalls.method("bidi", MethodType.BIDI_STREAMING);

    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Server server;
    private TestProxy proxy;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        ServerServiceDefinition echo = ServerServiceDefinition.builder("test.Echo")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::unary))
                .addMethod(UP, ServerCalls.asyncClientStreamingCall(GrpcTest::up))
                .addMethod(DOWN, ServerCalls.asyncServerStreamingCall(this::down))
                .addMethod(BIDI, ServerCalls.asyncBidiStreamingCall(GrpcTest::bidi))
                .build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(echo)
                .build()
                .start();
        proxy = TestProxy.start(
                TestProxy.split("only: 1", "only: {protocol: h2, endpoints: [127.0.0.1:" + server.getPort() + "]}"));
        channel = channel(proxy.port());
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        proxy.close();
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    /** Echoes; an octet of 200 or more asks for the status so much above 200, 255 for no answer at all. */
    private void unary(byte[] request, StreamObserver<byte[]> answer) {
        int first = request.length == 0 ? 0 : request[0] & 0xff;
        if (first == 255) {
            ((ServerCallStreamObserver<byte[]>) answer).setOnCancelHandler(cancelled::countDown);
            return;
        }
        if (first >= 200) {
            answer.onError(Status.fromCodeValue(first - 200)
                    .withDescription("as asked")
                    .asRuntimeException());
            return;
        }
        answer.onNext(request);
        answer.onCompleted();
    }

    private static StreamObserver<byte[]> up(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            private int octets;

            @Override
            public void onNext(byte[] piece) {
                octets += piece.length;
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {
                answer.onNext(Integer.toString(octets).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                answer.onCompleted();
            }
        };
    }

    /** Sends 64 KiB so many times as the request has octets, as fast as the caller takes them. */
    private void down(byte[] request, StreamObserver<byte[]> answer) {
        ServerCallStreamObserver<byte[]> calls = (ServerCallStreamObserver<byte[]>) answer;
        byte[] piece = new byte[65_536];
        int[] left = {request.length};
        calls.setOnCancelHandler(cancelled::countDown);
        calls.setOnReadyHandler(() -> {
            while (calls.isReady() && left[0] >= 0) {
                if (left[0]-- == 0) {
                    calls.onCompleted();
                } else {
                    calls.onNext(piece);
                }
            }
        });
    }

    private static StreamObserver<byte[]> bidi(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] piece) {
                answer.onNext(piece);
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    private byte[] call(byte... request) {
        return ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, request);
    }

    private long ended(Outcome outcome) {
        return proxy.totals("all", "only").finished(outcome);
    }

    @Test
    void carriesUnaryCalls() {
        for (int i = 0; i < 50; i++) {
            assertThat(call((byte) i, (byte) 7)).containsExactly(i, 7);
        }
        assertThat(call()).isEmpty();
        Awaitility.await().until(() -> ended(Outcome.SUCCESS) == 51);
    }

    @Test
    void carriesALargeMessageBothWays() {
        byte[] large = new byte[3_500_000];
        assertThat(call(large)).isEqualTo(large);
    }

    /** The codes whose canonical HTTP status is 5xx are the variant's fault. */
    @Test
    void countsCallsByTheirStatus() {
        for (int code = 1; code <= 16; code++) {
            byte asked = (byte) (200 + code);
            StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, () -> call(asked));
            assertThat(refused.getStatus().getCode().value()).isEqualTo(code);
            assertThat(refused.getStatus().getDescription()).isEqualTo("as asked");
        }
        Awaitility.await().untilAsserted(() -> {
            assertThat(ended(Outcome.SERVER_ERROR)).isEqualTo(6);
            assertThat(ended(Outcome.CLIENT_ERROR)).isEqualTo(10);
            assertThat(ended(Outcome.SUCCESS)).isZero();
        });
    }

    @Test
    void carriesAStreamUp() throws InterruptedException {
        BlockingQueue<String> answers = new ArrayBlockingQueue<>(10);
        StreamObserver<byte[]> calls =
                ClientCalls.asyncClientStreamingCall(channel.newCall(UP, CallOptions.DEFAULT), new Collector(answers));
        for (int i = 0; i < 200; i++) {
            calls.onNext(new byte[10_000]);
        }
        calls.onCompleted();
        assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo("2000000");
        assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo("completed");
    }

    @Test
    void carriesALongStreamDown() {
        Iterator<byte[]> pieces = ClientCalls.blockingServerStreamingCall(
                channel, DOWN, CallOptions.DEFAULT, new byte[Integer.getInteger("turnout.grpc.pieces", 1024)]);
        long octets = 0;
        while (pieces.hasNext()) {
            octets += pieces.next().length;
        }
        assertThat(octets).isEqualTo(65_536L * Integer.getInteger("turnout.grpc.pieces", 1024));
        Awaitility.await().until(() -> ended(Outcome.SUCCESS) == 1);
    }

    /** Each answer is awaited before the next message is sent: nothing may be held back on the way. */
    @Test
    void carriesAConversationWithoutHoldingAnythingBack() throws InterruptedException {
        BlockingQueue<String> answers = new ArrayBlockingQueue<>(10);
        StreamObserver<byte[]> calls =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(BIDI, CallOptions.DEFAULT), new Collector(answers));
        for (int i = 0; i < 100; i++) {
            String said = "message " + i;
            calls.onNext(said.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo(said);
        }
        calls.onCompleted();
        assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo("completed");
    }

    @Test
    void endsACallAtItsDeadline() {
        StatusRuntimeException late = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel, UNARY, CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS), new byte[] {
                            (byte) 255
                        }));
        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    /** The caller's deadline holds here, too, for a caller that does not keep it itself. */
    @Test
    void keepsTheDeadlineOfACallerThatDoesNot() throws InterruptedException {
        try (H2Client client = H2Client.connect(proxy.port())) {
            client.headers(
                    1,
                    0,
                    H2Client.request(
                            "POST",
                            "/test.Echo/unary",
                            "content-type",
                            "application/grpc",
                            "te",
                            "trailers",
                            "grpc-timeout",
                            "200m"));
            client.data(1, H2Client.END_STREAM, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 255);
            H2Client.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("grpc-status")).isEqualTo("4");
            assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(ended(Outcome.TIMEOUT)).isEqualTo(1);
        }
    }

    @Test
    void passesACancellationOn() throws InterruptedException {
        BlockingQueue<String> answers = new ArrayBlockingQueue<>(100);
        io.grpc.ClientCall<byte[], byte[]> call = channel.newCall(DOWN, CallOptions.DEFAULT);
        ClientCalls.asyncServerStreamingCall(call, new byte[100_000], new Collector(answers));
        assertThat(answers.poll(30, TimeUnit.SECONDS)).isNotNull();
        call.cancel("enough", null);
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().until(() -> ended(Outcome.CLIENT_GONE) == 1);
    }

    @Test
    void answersForItselfInTheProtocolsOwnWay() throws Exception {
        try (TestProxy alone = TestProxy.start(
                TestProxy.split("only: 1", "only: {protocol: h2, endpoints: [127.0.0.1:" + Nginx.freePort() + "]}"))) {
            ManagedChannel toNobody = channel(alone.port());
            try {
                StatusRuntimeException refused = catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> ClientCalls.blockingUnaryCall(toNobody, UNARY, CallOptions.DEFAULT, new byte[1]));
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(refused.getStatus().getDescription()).isEqualTo("the backend cannot be reached");
            } finally {
                toNobody.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            }
        }
    }

    /** A whole answer without a status is a broken one: the caller sees UNKNOWN, and so does the guard. */
    @Test
    void countsAnAnswerWithoutStatusAsAFailure() {
        RawServer.Script script = connection -> {
            H2Client peer = H2Client.serving(connection.socket());
            for (int stream; (stream = peer.awaitRequest()) > 0; ) {
                peer.headers(stream, 0, ":status", "200", "content-type", "application/grpc");
                peer.data(stream, H2Client.END_STREAM, new byte[5]);
            }
        };
        try (RawServer backend = RawServer.start(script);
                TestProxy between = TestProxy.start(TestProxy.split(
                        "only: 1", "only: {protocol: h2, endpoints: [127.0.0.1:" + backend.port() + "]}"));
                H2Client client = H2Client.connect(between.port())) {
            client.headers(
                    1,
                    H2Client.END_STREAM,
                    H2Client.request("POST", "/a.B/c", "content-type", "application/grpc+proto"));
            assertThat(client.answer(1).whole()).isTrue();
            Awaitility.await().until(() -> between.totals("all", "only").finished(Outcome.SERVER_ERROR) == 1);
        }
    }

    private record Collector(BlockingQueue<String> answers) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] value) {
            answers.offer(
                    new String(value, 0, Math.min(value.length, 100), java.nio.charset.StandardCharsets.US_ASCII));
        }

        @Override
        public void onError(Throwable cause) {
            answers.offer("failed");
        }

        @Override
        public void onCompleted() {
            answers.offer("completed");
        }
    }

    @Test
    void readsDeadlinesOfEveryUnitAndNoOthers() {
        record Read(String text, long nanos) {}
        List.of(
                        new Read("1H", 3_600_000_000_000L),
                        new Read("2M", 120_000_000_000L),
                        new Read("3S", 3_000_000_000L),
                        new Read("4m", 4_000_000L),
                        new Read("5u", 5_000L),
                        new Read("6n", 6L),
                        new Read("0n", 1L),
                        new Read("99999999H", 86_400_000_000_000L),
                        new Read("123456789S", 0),
                        new Read("S", 0),
                        new Read("1", 0),
                        new Read("1s", 0),
                        new Read("-1S", 0),
                        new Read("1.5S", 0))
                .forEach(read -> {
                    io.turnout.http.Fields fields = new io.turnout.http.Fields();
                    fields.add("grpc-timeout", read.text);
                    assertThat(Grpc.timeoutNanos(fields)).as(read.text).isEqualTo(read.nanos);
                });
    }
}
