package io.turnout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.PooledByteBufAllocator;
import io.turnout.testing.OctetCalls;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * One call that carries much in both directions at once, while the proxy's buffers stay as few as the windows allow.
 * {@code -Dturnout.grpc.mebibytes=1024} makes it the long run.
 */
class GrpcLongStreamTest {
    private static final MethodDescriptor<byte[], byte[]> ECHO = OctetCalls.method("echo", MethodType.BIDI_STREAMING);
    private static final int PIECE_BYTES = 64 * 1024;
    private static final long PIECES = Integer.getInteger("turnout.grpc.mebibytes", 64) * 1024L * 1024 / PIECE_BYTES;

    /** Windows, pieces on their way and what the allocator keeps for the next ones; nothing that grows with the call. */
    private static final long MOST_DIRECT_BYTES = 64L * 1024 * 1024;

    private static Server server() throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(ECHO, ServerCalls.asyncBidiStreamingCall(Echo::new))
                        .build())
                .build()
                .start();
    }

    /** Asks for a piece only when the one before can be sent back. */
    private static final class Echo implements StreamObserver<byte[]> {
        private final ServerCallStreamObserver<byte[]> answer;
        private boolean owed;

        Echo(StreamObserver<byte[]> answer) {
            this.answer = (ServerCallStreamObserver<byte[]>) answer;
            this.answer.disableAutoRequest();
            this.answer.setOnReadyHandler(this::onReady);
            this.answer.request(1);
        }

        private void onReady() {
            if (owed) {
                owed = false;
                answer.request(1);
            }
        }

        @Override
        public void onNext(byte[] piece) {
            answer.onNext(piece);
            owed = true;
            if (answer.isReady()) {
                onReady();
            }
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
            answer.onCompleted();
        }
    }

    /** Sends as fast as it is taken, and counts what comes back. */
    private static final class Conversation implements ClientResponseObserver<byte[], byte[]> {
        final AtomicLong received = new AtomicLong();
        final AtomicReference<String> end = new AtomicReference<>("");
        private final byte[] piece = new byte[PIECE_BYTES];
        private long left = PIECES;

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> call) {
            call.setOnReadyHandler(() -> {
                while (left > 0 && call.isReady()) {
                    call.onNext(piece);
                    if (--left == 0) {
                        call.onCompleted();
                    }
                }
            });
        }

        @Override
        public void onNext(byte[] back) {
            received.addAndGet(back.length);
        }

        @Override
        public void onError(Throwable cause) {
            end.set(cause.toString());
        }

        @Override
        public void onCompleted() {
            end.set("completed");
        }
    }

    private static long directBytes() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    @Test
    void carriesALongStreamBothWaysInLittleMemory() throws Exception {
        Server server = server();
        ManagedChannel channel = null;
        try (TestProxy proxy = TestProxy.start(
                TestProxy.split("only: 1", "only: {protocol: h2, endpoints: [127.0.0.1:" + server.getPort() + "]}"))) {
            channel = NettyChannelBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))
                    .usePlaintext()
                    .build();
            Conversation talk = new Conversation();
            ClientCalls.asyncBidiStreamingCall(channel.newCall(ECHO, CallOptions.DEFAULT), talk);
            AtomicLong most = new AtomicLong();
            await().atMost(Duration.ofMinutes(10)).until(() -> {
                most.accumulateAndGet(directBytes(), Math::max);
                return !talk.end.get().isEmpty();
            });
            assertThat(talk.end).hasValue("completed");
            assertThat(talk.received).hasValue(PIECES * PIECE_BYTES);
            assertThat(most.get()).as("octets of buffers").isLessThan(MOST_DIRECT_BYTES);
            System.out.println(
                    PIECES * PIECE_BYTES + " octets each way, at most " + most + " octets of direct buffers");
        } finally {
            if (channel != null) {
                channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            }
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
