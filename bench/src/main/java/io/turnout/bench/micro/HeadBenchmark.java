package io.turnout.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.turnout.http.ForwardingRules;
import io.turnout.http.H1HeadWriter;
import io.turnout.http.H1HeadWriter.BodyCoding;
import io.turnout.http.H1HeadWriter.Persistence;
import io.turnout.http.H1RequestParser;
import io.turnout.http.H1ResponseParser;
import io.turnout.http.HeadLimits;
import io.turnout.http.HeadPool;
import io.turnout.http.Method;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to read a head and to write it on, as the data plane does for every request and every answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeadBenchmark {
    private static final byte[] FORWARDED =
            "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_AUTHORITY = {};

    private final H1RequestParser requests = new H1RequestParser();
    private final H1ResponseParser answers = new H1ResponseParser();
    private final H1HeadWriter writer = new H1HeadWriter();
    private final HeadPool heads = new HeadPool();
    private final ByteBuf answerBytes =
            Unpooled.directBuffer(SampleHeads.ANSWER.length).writeBytes(SampleHeads.ANSWER);
    private final ByteBuf out = Unpooled.directBuffer(8192);

    /** A request in a direct buffer, where the transport would have read it to. */
    @State(Scope.Thread)
    public static class Request {
        /** Which request is read. */
        @Param({"SHORT", "BROWSER"})
        public String request = "SHORT";

        private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

        /** Fills the buffer. */
        @Setup
        public void setUp() {
            byte[] octets = request.equals("SHORT") ? SampleHeads.SHORT_REQUEST : SampleHeads.BROWSER_REQUEST;
            bytes = Unpooled.directBuffer(octets.length).writeBytes(octets);
        }

        /** Gives the buffer back. */
        @TearDown
        public void tearDown() {
            bytes.release();
        }
    }

    /** Answers without Date get one: the writer wants to know the time. */
    @Setup
    public void setUp() {
        writer.onSecond(0);
    }

    /** Gives the buffers back. */
    @TearDown
    public void tearDown() {
        answerBytes.release();
        out.release();
    }

    /** Reads a request head. */
    @Benchmark
    public H1RequestParser.Progress readRequest(Request request) {
        RequestHead head = heads.borrowRequest();
        H1RequestParser.Progress progress = requests.parse(head, request.bytes.readerIndex(0), HeadLimits.DEFAULT);
        heads.giveBack(head);
        return progress;
    }

    /** Reads a request head, drops what must not go on, and writes it for the upstream. */
    @Benchmark
    public int relayRequest(Request request) {
        RequestHead head = heads.borrowRequest();
        if (requests.parse(head, request.bytes.readerIndex(0), HeadLimits.DEFAULT)
                != H1RequestParser.Progress.COMPLETE) {
            throw new AssertionError("the sample request was refused: " + requests.refusal());
        }
        ForwardingRules.dropHopByHop(head.fields());
        ForwardingRules.dropForwarded(head.fields());
        writer.request(head, FORWARDED, NO_AUTHORITY, out.clear());
        heads.giveBack(head);
        return out.readableBytes();
    }

    /** Reads an answer's head, drops what must not go on, and writes it for the client. */
    @Benchmark
    public int relayAnswer() {
        ResponseHead head = heads.borrowResponse();
        if (answers.parse(head, answerBytes.readerIndex(0), HeadLimits.DEFAULT, Method.GET)
                != H1ResponseParser.Progress.COMPLETE) {
            throw new AssertionError("the sample answer was refused: " + answers.refusal());
        }
        ForwardingRules.dropHopByHop(head.fields());
        writer.response(head, BodyCoding.IDENTITY, Persistence.IMPLICIT, out.clear());
        heads.giveBack(head);
        return out.readableBytes();
    }
}
