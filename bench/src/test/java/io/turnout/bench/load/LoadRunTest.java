package io.turnout.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.turnout.bench.backend.Backend;
import io.turnout.bench.wire.Dialect;
import io.turnout.bench.wire.HarnessLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The generator against the backend and against servers that misbehave, over real sockets. */
class LoadRunTest {
    private final HarnessLoop loop = HarnessLoop.start();
    private final Backend backend = Backend.start(loop, 0);

    @AfterEach
    void stop() {
        backend.close();
        loop.close();
    }

    private InetSocketAddress target() {
        return HarnessLoop.loopback(backend.port());
    }

    private LoadWindow once(LoadPlan plan) throws Exception {
        try (LoadRun run = LoadRun.start(loop, plan)) {
            run.allAnswered().get(20, TimeUnit.SECONDS);
            return run.endWindow();
        }
    }

    @Test
    void countsEveryAnswerOfAPlanThatAsksOncePerConnection() throws Exception {
        LoadWindow window = once(LoadPlan.once(target(), RequestShape.get("/1k", 1024), 100));

        assertThat(window.failures()).isEmpty();
        assertThat(window.answered()).isEqualTo(100);
        assertThat(window.bodyBytes()).isEqualTo(100 * 1024);
        assertThat(window.fromDueNanos().getTotalCount()).isEqualTo(100);
        assertThat(backend.answered()).isEqualTo(100);
    }

    @Test
    void checksStreamedDownloadsByContent() throws Exception {
        RequestShape shape = RequestShape.slowDownload(5_000_000, 50_000_000);

        LoadWindow window = once(LoadPlan.once(target(), shape, 3));

        assertThat(window.failures()).isEmpty();
        assertThat(window.answered()).isEqualTo(3);
    }

    @Test
    void checksUploadsByTheReceiptOfTheSink() throws Exception {
        LoadWindow window = once(LoadPlan.once(target(), RequestShape.upload(3_000_000, 60_000_000), 3));

        assertThat(window.failures()).isEmpty();
        assertThat(window.bodyBytes()).isGreaterThan(9_000_000);
    }

    @Test
    void carriesSeveralRequestsAtATimeOnAConnectionOfHttp2() throws Exception {
        Backend h2 = Backend.startH2(loop, 0);
        LoadPlan plan = LoadPlan.closed(HarnessLoop.loopback(h2.port()), RequestShape.get("/1k", 1024), 8)
                .in(Dialect.H2C);

        LoadWindow window = until(plan, 1000);

        assertThat(plan.connections()).isEqualTo(2);
        assertThat(window.failures()).isEmpty();
        assertThat(window.bodyBytes()).isEqualTo(1024 * window.answered());
        h2.close();
    }

    @Test
    void callsAnAnswerOfHttp2OfAnotherLengthAFailure() throws Exception {
        Backend h2 = Backend.startH2(loop, 0);
        LoadPlan plan = LoadPlan.closed(HarnessLoop.loopback(h2.port()), RequestShape.get("/1k", 1000), 4)
                .in(Dialect.H2C);

        LoadWindow window = until(plan, 1);

        assertThat(window.answered()).isZero();
        assertThat(window.failures()).containsOnlyKeys(Failure.BODY);
        h2.close();
    }

    @Test
    void callsAServerThatSpeaksNoHttp2AFailure() throws Exception {
        LoadPlan plan =
                LoadPlan.closed(target(), RequestShape.get("/1k", 1024), 4).in(Dialect.H2C);

        LoadWindow window = until(plan, 1);

        assertThat(window.answered()).isZero();
        assertThat(window.failed()).isPositive();
    }

    /** Runs until so many requests are over, well or not; answers the window in which the last of them ended. */
    private LoadWindow until(LoadPlan plan, long requests) {
        AtomicLong over = new AtomicLong();
        AtomicReference<LoadWindow> last = new AtomicReference<>();
        try (LoadRun run = LoadRun.start(loop, plan)) {
            await().atMost(30, TimeUnit.SECONDS)
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        LoadWindow window = run.endWindow();
                        last.set(window);
                        return over.addAndGet(window.answered() + window.failed()) >= requests;
                    });
        }
        return last.get();
    }

    @Test
    void callsAnAnswerOfAnotherLengthAFailure() throws Exception {
        LoadWindow window = once(LoadPlan.once(target(), RequestShape.get("/1k", 1000), 2));

        assertThat(window.answered()).isZero();
        assertThat(window.failures()).isEqualTo(Map.of(Failure.BODY, 2L));
    }

    @Test
    void callsOtherOctetsOfTheRightLengthAFailureWhenContentIsChecked() throws Exception {
        RequestShape shape = new RequestShape("/echo", 0, 0, RequestShape.Checking.CONTENT, 0);
        assertThat(once(LoadPlan.once(target(), shape, 1)).failures()).isEqualTo(Map.of(Failure.STATUS, 1L));

        Channel liar = serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        RequestShape hello = new RequestShape("/", 0, 5, RequestShape.Checking.CONTENT, 0);
        assertThat(once(LoadPlan.once((InetSocketAddress) liar.localAddress(), hello, 1))
                        .failures())
                .isEqualTo(Map.of(Failure.BODY, 1L));
        liar.close().sync();
    }

    @Test
    void callsACutAnswerClosedAndNonsenseNotHttp() throws Exception {
        Channel cutting = serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        Channel nonsense = serve("SSH-2.0\r\n\r\n");
        RequestShape shape = RequestShape.get("/", 5);

        assertThat(once(LoadPlan.once((InetSocketAddress) cutting.localAddress(), shape, 1))
                        .failures())
                .isEqualTo(Map.of(Failure.CLOSED, 1L));
        assertThat(once(LoadPlan.once((InetSocketAddress) nonsense.localAddress(), shape, 1))
                        .failures())
                .isEqualTo(Map.of(Failure.NOT_HTTP, 1L));
        cutting.close().sync();
        nonsense.close().sync();
    }

    @Test
    void callsAPortNobodyListensOnAFailureToConnect() throws Exception {
        Channel gone = serve("");
        InetSocketAddress nobody = (InetSocketAddress) gone.localAddress();
        gone.close().sync();

        assertThat(once(LoadPlan.once(nobody, RequestShape.get("/1k", 1024), 2)).failures())
                .isEqualTo(Map.of(Failure.CONNECT, 2L));
    }

    @Test
    void keepsAClosedLoopGoingOnFreshConnections() {
        try (LoadRun run = LoadRun.start(loop, LoadPlan.churn(target(), RequestShape.get("/1k", 1024), 4))) {
            awaitAnswered(200);
            LoadWindow window = run.endWindow();

            assertThat(window.failures()).isEmpty();
            assertThat(window.answered()).isGreaterThanOrEqualTo(196);
        }
    }

    @Test
    void sendsNoMoreThanAreDueAtAFixedRate() {
        try (LoadRun run = LoadRun.start(loop, LoadPlan.fixed(target(), RequestShape.get("/1k", 1024), 4, 2000))) {
            awaitAnswered(400);
            LoadWindow window = run.endWindow();

            assertThat(window.failures()).isEmpty();
            long due = new Pace.Fixed(2000).dueAfter(window.elapsedNanos());
            // Never ahead of the schedule; how far behind a busy machine falls is not this test's to say.
            assertThat(window.answered() + window.unsent()).isBetween(390L, due + 10);
            assertThat(window.fromDueNanos().getMinValue())
                    .isGreaterThanOrEqualTo(window.fromSentNanos().getMinValue());
        }
    }

    private void awaitAnswered(long count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (backend.answered() < count) {
            assertThat(System.nanoTime())
                    .as("time to answer %d requests", count)
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** A server that says one thing to every request and hangs up. */
    private Channel serve(String answer) {
        return loop.listen(HarnessLoop.loopback(0), () -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ReferenceCountUtil.release(message);
                context.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        });
    }
}
