package io.turnout.exchange;

import io.turnout.http.Fields;
import io.turnout.model.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange knows of gRPC: whether it is a call, how long its caller waits, and how it ended.
 *
 * <p>Confined to its event loop; one object serves an exchange's requests one after the other.
 */
final class GrpcCall {
    private long timeoutNanos;
    private int headStatus;

    /** Whether this is a call of gRPC, and, once the answer has begun, whether the answer is one too. */
    private boolean call;

    /** A request begins; what its caller says of time is read when the request is routed. */
    void begin(Fields request) {
        call = Grpc.isCall(request);
        timeoutNanos = 0;
    }

    /** The sooner of the route's limit and the caller's, in nanoseconds from the exchange's begin; 0 for neither. */
    long limitNanos(long routeNanos, Fields request) {
        timeoutNanos = call ? Grpc.timeoutNanos(request) : 0;
        return timeoutNanos > 0 && (routeNanos == 0 || timeoutNanos < routeNanos) ? timeoutNanos : routeNanos;
    }

    /** Whether the caller no longer waits after so long. */
    boolean isOverdue(long elapsedNanos) {
        return timeoutNanos > 0 && elapsedNanos >= timeoutNanos;
    }

    void onAnswer(int status, Fields answer) {
        call = call && status == 200 && Grpc.isCall(answer);
        if (call) {
            headStatus = Grpc.status(answer);
        }
    }

    /** How a whole answer counts. A gRPC status is the last thing that comes, in the head only if there is nothing else. */
    Outcome outcome(int status, @Nullable Fields trailers) {
        if (!call) {
            return Outcome.ofStatus(status);
        }
        return Grpc.outcome(trailers == null ? headStatus : Grpc.status(trailers));
    }
}
