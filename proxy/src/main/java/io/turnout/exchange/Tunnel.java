package io.turnout.exchange;

import io.turnout.telemetry.LoopMeter;

/**
 * What an exchange is after its protocol has been changed: octets pass until both sides have ended, each for itself.
 *
 * <p>Confined to its event loop. How the sides ended can be asked until the next tunnel opens.
 */
final class Tunnel {
    private final LoopMeter meter;
    private boolean open;
    private boolean clientEnded;
    private boolean backendEnded;

    Tunnel(LoopMeter meter) {
        this.meter = meter;
    }

    void open() {
        open = true;
        clientEnded = false;
        backendEnded = false;
        meter.increment(LoopMeter.Count.TUNNELS_OPENED);
        meter.add(LoopMeter.Count.TUNNELS_OPEN, 1);
    }

    void close() {
        open = false;
        meter.add(LoopMeter.Count.TUNNELS_OPEN, -1);
    }

    boolean isOpen() {
        return open;
    }

    void onClientEnd() {
        clientEnded = true;
    }

    void onBackendEnd() {
        backendEnded = true;
    }

    boolean hasClientEnded() {
        return clientEnded;
    }

    boolean hasBackendEnded() {
        return backendEnded;
    }
}
