package io.turnout.bench.mirror;

import io.turnout.bench.backend.Backend;
import io.turnout.bench.peer.OwnProxy;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** What stands behind the proxies: the originals' backend, and a shadow of each kind. Safe for any thread. */
final class Services implements AutoCloseable {
    private final Backend main;
    private final Map<Shadow, Backend> good = new EnumMap<>(Shadow.class);
    private final Map<Shadow, BadShadow> bad = new EnumMap<>(Shadow.class);
    private final int deadPort;

    private Services(HarnessLoop loop) throws IOException {
        main = Backend.start(loop, OwnProxy.freePort());
        good.put(Shadow.HEALTHY, Backend.start(loop, OwnProxy.freePort()));
        good.put(Shadow.H2C, Backend.startH2(loop, OwnProxy.freePort()));
        for (Shadow manner : new Shadow[] {Shadow.HANGING, Shadow.RESETTING, Shadow.DRIPPING}) {
            bad.put(manner, BadShadow.start(manner));
        }
        deadPort = OwnProxy.freePort();
    }

    static Services start(HarnessLoop loop) throws IOException {
        return new Services(loop);
    }

    /** Where the originals go. */
    int mainPort() {
        return main.port();
    }

    /** Where the copies go. */
    int port(Shadow shadow) {
        return switch (shadow) {
            case NONE -> throw new IllegalArgumentException("nobody");
            case HEALTHY, H2C -> service(shadow).port();
            case DEAD -> deadPort;
            case HANGING, RESETTING, DRIPPING -> {
                BadShadow service = bad.get(shadow);
                if (service == null) {
                    throw new AssertionError(shadow);
                }
                yield service.port();
            }
        };
    }

    /** Copies that have been answered whole. */
    long answered(Shadow shadow) {
        return shadow.answers() ? service(shadow).answered() : 0;
    }

    private Backend service(Shadow shadow) {
        Backend service = good.get(shadow);
        if (service == null) {
            throw new AssertionError(shadow);
        }
        return service;
    }

    @Override
    public void close() {
        bad.values().forEach(BadShadow::close);
        good.values().forEach(Backend::close);
        main.close();
    }
}
