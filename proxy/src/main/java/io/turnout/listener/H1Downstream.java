package io.turnout.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.turnout.exchange.DataLoop;
import io.turnout.exchange.Downstream;
import io.turnout.http.Fields;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.listener.AnswerStream.Client;
import io.turnout.listener.Reading.Pause;
import io.turnout.snapshot.Announcement;
import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.tls.TlsSession;
import io.turnout.upstream.ClientPreamble;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on a client's HTTP/1 connection: who the client is, its answers, and whether the connection outlives
 * them.
 *
 * <p>Confined to its event loop. The connection is told what has been sent; what that means for its state is its own.
 */
final class H1Downstream implements Downstream {
    private final H1ServerConnection connection;
    private final DataLoop loop;
    private final Departure departure;
    private final Peer peer;
    private final BodyPace pace;

    private @Nullable Channel channel;
    private @Nullable AnswerStream answers;
    private @Nullable Reading reading;
    private @Nullable ClientOrigin origin;

    private boolean keepAlive;

    H1Downstream(H1ServerConnection connection, DataLoop loop, Departure departure, Peer peer, BodyPace pace) {
        this.connection = connection;
        this.loop = loop;
        this.departure = departure;
        this.peer = peer;
        this.pace = pace;
    }

    void open(Channel opened, ClientOrigin client) {
        channel = opened;
        answers = new AnswerStream(loop.headWriter(), opened);
        reading = new Reading(opened);
        origin = client;
    }

    /** A request has come; its answer follows. */
    void onRequest(RequestHead request) {
        answers().onRequest(request.minorVersion() == 0 ? Client.HTTP_1_0 : Client.HTTP_1_1);
        keepAlive = request.keepAlive();
    }

    /** The request may be served: finds out from its fields who the client is. */
    void onServed(Fields request) {
        Objects.requireNonNull(origin).onRequest(request);
    }

    /** Lets the connection end with the answer that is next or in progress. */
    void answerLast() {
        keepAlive = false;
    }

    /** Whether the client has been told that the connection ends with the current answer. */
    boolean closes() {
        return answers().closes();
    }

    /** Whether and why the client is not read. */
    Reading reading() {
        return Objects.requireNonNull(reading);
    }

    /** Drops what has not been handed to the channel; for a connection that is closing. */
    void discard() {
        if (answers != null) {
            answers.discard();
        }
    }

    @Override
    public byte[] clientAddress() {
        return Objects.requireNonNull(origin).address();
    }

    @Override
    public byte[] preamble(Announcement version) {
        ClientOrigin client = Objects.requireNonNull(origin);
        SocketAddress local = channel == null ? null : channel.localAddress();
        return ClientPreamble.of(version, client.address(), client.port(), local);
    }

    @Override
    public byte[] forwardedLines() {
        return Objects.requireNonNull(origin).lines();
    }

    @Override
    public @Nullable TlsSession tls() {
        return peer.tls();
    }

    @Override
    public boolean isSecure() {
        return Objects.requireNonNull(origin).isSecure();
    }

    @Override
    public String protocol() {
        return answers().isToOldClient() ? "HTTP/1.0" : "HTTP/1.1";
    }

    @Override
    public void sendInterim(ResponseHead interim) {
        if (!isClosed()) {
            answers().interim(interim);
        }
    }

    @Override
    public void sendSwitch(ResponseHead answer, String protocol) {
        answer.fields().add("Connection", "Upgrade");
        answer.fields().add("Upgrade", protocol);
        answers().switching(answer);
        keepAlive = false;
        connection.onSwitched();
    }

    @Override
    public void sendHead(ResponseHead answer) {
        if (isClosed()) {
            return;
        }
        boolean refusedEarly = connection.state() == H1State.BODY && answer.status() >= 400;
        boolean shed = keepAlive && loop.shedsKeepAlive();
        if (shed) {
            loop.meter().increment(Count.SHED_KEEP_ALIVE);
        }
        answers().head(answer, !keepAlive || shed || departure.hasBegun() || refusedEarly);
    }

    @Override
    public void sendBody(ByteBuf buffer, int index, int length) {
        if (!isClosed()) {
            answers().body(buffer, index, length);
            connection.onSent();
        }
    }

    @Override
    public void sendEnd(@Nullable Fields trailers) {
        if (isClosed()) {
            return;
        }
        if (connection.state() == H1State.TUNNEL) {
            connection.onBackendEnd();
            return;
        }
        answers().end(trailers);
        reading().resume(Pause.UPSTREAM);
        connection.onAnswered();
    }

    @Override
    public void flush() {
        if (!isClosed()) {
            answers().flush();
        }
    }

    @Override
    public boolean isWritable() {
        return answers().isWritable();
    }

    @Override
    public void pauseReading(boolean paused) {
        if (isClosed()) {
            return;
        }
        if (paused) {
            // The client is not slow while it is we who do not read.
            pace.disturb();
            reading().pause(Pause.UPSTREAM);
        } else {
            reading().resume(Pause.UPSTREAM);
        }
    }

    @Override
    public void cut() {
        if (isClosed()) {
            return;
        }
        flush();
        // With the length or the last chunk missing, a close is what tells the client (RFC 9112 section 8).
        ChannelEnds.closeWithoutWord(Objects.requireNonNull(channel));
        if (answers().endsWithConnection()) {
            ChannelEnds.reset(Objects.requireNonNull(channel));
        }
        connection.close();
    }

    private boolean isClosed() {
        return connection.state() == H1State.CLOSED;
    }

    private AnswerStream answers() {
        return Objects.requireNonNull(answers);
    }
}
