package io.turnout.exchange;

import io.turnout.model.UpstreamFailure;

/** What a client is told about a failure upstream: what happened, never where. Stateless. */
final class OwnText {
    private OwnText() {}

    static String of(UpstreamFailure failure) {
        return switch (failure) {
            case NO_ENDPOINT -> "no backend is available";
            case POOL_FULL -> "all backends are busy";
            case CONNECT_REFUSED -> "the backend cannot be reached";
            case CONNECT_TIMEOUT -> "the backend did not accept a connection in time";
            case TLS_CERTIFICATE -> "the backend's certificate is not valid";
            case TLS_PROTOCOL -> "no TLS with the backend";
            case REFUSED -> "the backend takes no more requests";
            case UPGRADE_FAILED -> "the backend does not take WebSockets";
            case RESET -> "the backend closed the connection without an answer";
            case RESPONSE_TIMEOUT -> "the backend did not answer in time";
            case STALLED -> "the backend stopped in the middle of its answer";
            case TOTAL_TIMEOUT -> "the request took longer than allowed";
            case INVALID_ANSWER -> "the backend's answer is not valid HTTP";
            case TRUNCATED -> "the backend's answer was cut off";
        };
    }
}
