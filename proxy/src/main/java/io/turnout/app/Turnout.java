package io.turnout.app;

import io.turnout.admin.AdminServer;
import io.turnout.admin.AdminSetup;
import io.turnout.admin.ExtraCall;
import io.turnout.cli.TurnoutCommand;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.config.TransportKind;
import io.turnout.config.TurnoutConfig;
import io.turnout.control.ConfigText;
import io.turnout.control.Control;
import io.turnout.control.ControlSetup;
import io.turnout.control.ListenerFollower;
import io.turnout.control.NameLookup;
import io.turnout.control.state.StateException;
import io.turnout.listener.BindException;
import io.turnout.listener.DataPlane;
import io.turnout.listener.Transport;
import io.turnout.model.Ticker;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.source.FileSource;
import io.turnout.telemetry.AccessLog;
import io.turnout.telemetry.LoopMeter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running Turnout: control, data plane, admin listener and file watch, started in this order and stopped in reverse.
 *
 * <p>Safe for any thread.
 */
public final class Turnout implements AutoCloseable {
    /** Exit code for a configuration with errors. */
    static final int INVALID_CONFIG = 3;

    private static final int FAILED = 1;
    private static final Logger LOG = LoggerFactory.getLogger(Turnout.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Control control;
    private final DataPlane plane;
    private final AdminServer admin;
    private volatile @Nullable String obstacle = "starting";

    private Turnout(
            Path file,
            ConfigText text,
            ConfigResult.Valid read,
            List<ExtraCall> extras,
            Consumer<Transport> beforeListening)
            throws StartFailure {
        TurnoutConfig config = read.config();
        Transport transport = transport(config.transport());
        int loops = config.workers() == TurnoutConfig.ONE_WORKER_PER_CORE
                ? Runtime.getRuntime().availableProcessors()
                : config.workers();
        List<LoopMeter> meters = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            meters.add(new LoopMeter());
        }
        try {
            control = opened(Control.open(new ControlSetup(
                    text,
                    config,
                    read.warnings(),
                    System.getenv()::get,
                    meters,
                    NameLookup.SYSTEM,
                    Ticker.SYSTEM,
                    InstantSource.system())));
            AccessLog accessLog = opened(new AccessLog(
                    () -> control.published().current().accessLog().seenFrom(text.base()),
                    config.accessLog().queueLines(),
                    System.out));
            plane = opened(DataPlane.start(
                    transport,
                    control.published(),
                    meters,
                    control.visitorMint(),
                    accessLog,
                    control.comparisons(),
                    Ticker.SYSTEM));
            beforeListening.accept(transport);
            plane.follow(control.published().current().listeners());
            control.start(this::followListeners);
            FileSource source = opened(new FileSource(file, text, control::submit, InstantSource.system()));
            source.start();
            InetSocketAddress address = socketAddress(config);
            admin = opened(AdminServer.start(
                    address,
                    new AdminSetup(
                            control,
                            source,
                            () -> obstacle,
                            () -> control.config().admin(),
                            TurnoutCommand.version(),
                            InstantSource.system(),
                            extras)));
        } catch (StateException | BindException | IOException e) {
            close();
            throw new StartFailure(List.of("turnout: " + e.getMessage()), FAILED);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        LOG.info(
                "turnout {} on {} ({}), {} event {}, generation {}",
                TurnoutCommand.version(),
                transport.name(),
                transport.why(),
                loops,
                loops == 1 ? "loop" : "loops",
                control.generation());
        if (!control.tls().conditions().isEmpty()) {
            LOG.info(
                    "TLS by {} ({})",
                    control.tls().provider().name(),
                    control.tls().provider().why());
        }
        for (ListenerPlan listener : control.published().current().listeners()) {
            if (listener.drained()) {
                LOG.warn("listener {} is drained and takes no requests", listener.name());
            } else {
                LOG.info("listener {} takes requests on {}", listener.name(), text(plane.address(listener.name())));
            }
        }
        obstacle = null;
    }

    /**
     * Reads the file and starts; returns when requests are taken.
     *
     * @throws StartFailure with every problem of the file, or the one thing that stood in the way
     */
    public static Turnout start(Path file) throws StartFailure {
        return start(file, List.of());
    }

    /**
     * The same, warmed up before anybody can connect.
     *
     * @throws StartFailure with every problem of the file, or the one thing that stood in the way
     */
    static Turnout startWarm(Path file) throws StartFailure {
        return start(file, List.of(), WarmUp::run);
    }

    /**
     * The same with calls added to those of the admin listener.
     *
     * @throws StartFailure with every problem of the file, or the one thing that stood in the way
     */
    static Turnout start(Path file, List<ExtraCall> extras) throws StartFailure {
        return start(file, extras, transport -> {});
    }

    private static Turnout start(Path file, List<ExtraCall> extras, Consumer<Transport> beforeListening)
            throws StartFailure {
        ConfigText text;
        try {
            text = FileSource.readNow(file);
        } catch (IOException e) {
            throw new StartFailure(List.of("turnout: " + e.getMessage()), FAILED);
        }
        ConfigResult result = ConfigReader.read(text.source(), text.yaml(), System.getenv()::get, text.base());
        result.problems().forEach(problem -> LOG.debug("{}", problem));
        if (result instanceof ConfigResult.Valid valid) {
            valid.warnings().forEach(warning -> LOG.warn("{}", warning));
            return new Turnout(file, text, valid, extras, beforeListening);
        }
        List<String> lines = result.problems().stream().map(Object::toString).toList();
        throw new StartFailure(lines, INVALID_CONFIG);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        started.push(resource);
        return resource;
    }

    private void followListeners(List<ListenerPlan> listeners) throws ListenerFollower.ListenerException {
        try {
            plane.follow(listeners);
        } catch (BindException e) {
            throw new ListenerFollower.ListenerException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Transport transport(TransportKind kind) throws StartFailure {
        try {
            return Transport.choose(
                    switch (kind) {
                        case AUTO -> Transport.Wish.AUTO;
                        case EPOLL -> Transport.Wish.EPOLL;
                        case IO_URING -> Transport.Wish.IO_URING;
                        case NIO -> Transport.Wish.NIO;
                    });
        } catch (IllegalStateException e) {
            throw new StartFailure(List.of("turnout: " + e.getMessage()), FAILED);
        }
    }

    private static InetSocketAddress socketAddress(TurnoutConfig config) {
        return new InetSocketAddress(
                config.admin().address().host(), config.admin().address().port());
    }

    /** Where a listener takes requests. */
    public InetSocketAddress address(String listener) {
        return plane.address(listener);
    }

    /** Where the admin listener is. */
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** The control plane, for those who act from inside the process. */
    public Control control() {
        return control;
    }

    /**
     * Stops gracefully: unready at once, no new connections, running exchanges finish, each connection is told that it
     * ends; after the time allowed what is left is cut. The second call does nothing.
     */
    public void stop(Duration atMost) {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        obstacle = "draining";
        LOG.info("stopping: {} open connections get up to {} s", plane.connections(), atMost.toSeconds());
        int cut = plane.drain(atMost.toNanos());
        LOG.info(cut == 0 ? "stopped, every exchange was finished" : "stopped, {} connections were cut", cut);
        close();
    }

    /** Closes everything at once. */
    @Override
    public void close() {
        for (AutoCloseable resource; (resource = started.poll()) != null; ) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("{} did not close: {}", resource.getClass().getSimpleName(), e.toString());
            }
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
