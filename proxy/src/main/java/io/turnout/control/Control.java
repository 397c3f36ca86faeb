package io.turnout.control;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.ConfigCheck;
import io.turnout.adminapi.ExplainRequest;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.RouteDifferences;
import io.turnout.adminapi.RouteEvidence;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.compare.DifferenceReport;
import io.turnout.config.ConfigYaml;
import io.turnout.config.RouteConfig;
import io.turnout.config.TurnoutConfig;
import io.turnout.control.ConfigLoader.Loaded;
import io.turnout.control.state.AuditLog;
import io.turnout.control.state.RunState;
import io.turnout.control.state.StateException;
import io.turnout.control.state.StateFolder;
import io.turnout.control.state.StateStore;
import io.turnout.control.webhook.Webhooks;
import io.turnout.routing.VisitorMint;
import io.turnout.shadow.ComparisonSink;
import io.turnout.shadow.Comparisons;
import io.turnout.snapshot.SnapshotRef;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.tls.TlsProvider;
import io.turnout.tls.TlsStore;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of what is decided at run time, and the face of it.
 *
 * <p>Safe for any thread: commands go to the control thread through a bounded mailbox, and views are made from the
 * immutable world that was published last.
 */
public final class Control implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    /** Commands that may wait. */
    private static final int MAILBOX_COMMANDS = 1024;

    /** How long a visitor without cookie keeps the id that is minted for it. */
    private static final int VISITOR_SLOT_SECONDS = 600;

    private final Deque<Closeable> resources;
    private final InstantSource clock;
    private final ConfigLoader loader;
    private final List<LoopMeter> loops;
    private final VisitorMint mint;
    private final AuditTrail audit;
    private final TlsStore tls;
    private final Publisher publisher;
    private final Webhooks webhooks;
    private final ReloadDesk reloads;
    private final Explanations explanations;
    private final StatusViews views;
    private final SmokeDesk smoke;
    private final Comparisons comparisons;
    private final DifferenceViews differences;
    private final Instant startedAt;
    private final Mailbox mailbox = new Mailbox(MAILBOX_COMMANDS);
    private final ControlThread thread;

    private Control(ControlSetup setup, Deque<Closeable> resources) throws StateException {
        this.resources = resources;
        clock = setup.clock();
        loops = setup.loops();
        startedAt = clock.instant();
        loader = new ConfigLoader(setup.environment());
        StateFolder folder = opened(StateFolder.open(setup.stateFolder()));
        StateStore store = opened(StateStore.open(folder));
        audit = new AuditTrail(opened(AuditLog.open(folder)));
        mint = new VisitorMint(folder.visitorSecret(), VISITOR_SLOT_SECONDS);
        explanations = new Explanations(mint);
        AddressBook addresses = new AddressBook(setup.lookup());
        resources.push(addresses::close);
        addresses.prepare(setup.config(), setup.ticker().nanos()).join();
        OverrideTimers timers = new OverrideTimers();
        tls = new TlsStore(TlsProvider::best, clock);
        resources.push(tls::close);
        publisher = new Publisher(
                setup, new Publisher.Parts(store, audit, addresses, timers, tls), firstStep(setup, store.state()));
        webhooks =
                opened(new Webhooks(() -> publisher.world().desired().config().webhooks()));
        audit.follow(webhooks::accept);
        reloads = new ReloadDesk(publisher, loader, addresses, clock);
        RequestRates rates = new RequestRates(() -> publisher.world().series());
        comparisons = opened(new Comparisons());
        GuardDesk guards = new GuardDesk(publisher::world, comparisons, clock);
        guards.begin(setup.ticker().nanos());
        audit.takeEvidenceFrom(guards::evidenceInWords);
        GateAsker gates = opened(new GateAsker(mailbox::post));
        differences = new DifferenceViews(comparisons);
        RolloutDesk rollouts = new RolloutDesk(publisher, guards, gates, new MirrorWatch(comparisons), rates, setup);
        rollouts.begin();
        EndpointViews endpoints = new EndpointViews(clock, setup.ticker());
        views = new StatusViews(clock, rates, guards, rollouts, endpoints, startedAt, loops, tls);
        smoke = opened(new SmokeDesk(publisher::world, setup.ticker(), clock));
        WeightDesk weights = new WeightDesk(publisher, clock, new SwitchChecks(guards, smoke));
        ControlDesk desk = new ControlDesk(
                publisher, weights, new EndpointDesk(publisher), new ListenerDesk(publisher), reloads, rollouts, smoke);
        thread = new ControlThread(mailbox, desk, List.of(guards, timers, addresses, rates, rollouts), setup.ticker());
    }

    private <T extends Closeable> T opened(T resource) {
        resources.push(resource);
        return resource;
    }

    /**
     * Opens the state folder, lays what was decided before over the configuration, and compiles the first world. Waits
     * {@link AddressBook#FIRST_WAIT} at most for names. Nothing runs yet.
     *
     * @throws StateException if the state folder cannot be used
     */
    public static Control open(ControlSetup setup) throws StateException {
        Deque<Closeable> resources = new ArrayDeque<>();
        try {
            return new Control(setup, resources);
        } catch (StateException | RuntimeException e) {
            close(resources);
            throw e;
        }
    }

    /** The file may have changed, and time may have passed, while no process ran. */
    private static Step firstStep(ControlSetup setup, RunState found) {
        Desired desired = ConfigLoader.desired(setup.text(), setup.config(), setup.warnings());
        List<Effect> effects = new ArrayList<>();
        String config = setup.text().source() + " " + desired.hash().substring(0, 12);
        effects.add(new Effect(null, "start", "config", null, config, null));
        List<Effect> expiries =
                OverrideRules.expiries(found, setup.config(), setup.clock().instant());
        RunState unexpired = found.after(expiries.stream().map(Effect::change).toList(), found.generation());
        effects.addAll(expiries);
        List<Effect> endings = OverrideRules.endings(unexpired, setup.config());
        effects.addAll(endings);
        effects.addAll(RolloutRules.endings(
                unexpired, endings, setup.config(), setup.clock().instant()));
        return Step.reload(desired, effects, Cause.of("start", Cause.SELF));
    }

    /** The field through which the data plane learns of each world. */
    public SnapshotRef published() {
        return publisher.published();
    }

    /** What is made of certificate files. */
    public TlsStore tls() {
        return tls;
    }

    /** Mints visitor ids with the secret of the state folder. Immutable. */
    public VisitorMint visitorMint() {
        return mint;
    }

    /**
     * Starts the control thread. Once.
     *
     * @param listeners opens and closes sockets from now on; those of the first world are open already
     */
    public void start(ListenerFollower listeners) {
        publisher.openListenersWith(listeners);
        thread.start();
    }

    /**
     * Has a command performed.
     *
     * @return completes on the control thread, so what is hung on it must not block; never fails. When it says
     *     {@link CommandResult.Applied}, the next request on any connection lives in the new world
     */
    public CompletableFuture<CommandResult> submit(Command command) {
        return mailbox.post(command);
    }

    /** The configuration in force, as the file has it; any thread. */
    public TurnoutConfig config() {
        return publisher.world().desired().config();
    }

    /** Number of the world in force. */
    public long generation() {
        return publisher.world().generation();
    }

    /** Everything at a glance. */
    public Status status() {
        return views.status(publisher.world(), reloads.reloads().last());
    }

    /** One route; null if there is none of that name. */
    public @Nullable RouteStatus route(String name) {
        World world = publisher.world();
        RouteConfig route = world.desired().route(name);
        return route == null ? null : views.route(world, route);
    }

    /** What the guard of a route knows; null if there is no route of that name. */
    public @Nullable RouteEvidence evidence(String name) {
        RouteConfig route = publisher.world().desired().route(name);
        return route == null ? null : views.evidence(route);
    }

    /** What the mirrors of a route found; null if there is no route of that name. */
    public @Nullable RouteDifferences differences(String name) {
        return publisher.world().snapshot().routes().stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .map(differences::of)
                .orElse(null);
    }

    /** Takes the answers of shadows to be compared; any thread. */
    public ComparisonSink comparisons() {
        return comparisons;
    }

    /** Every pool in file order. */
    public List<PoolStatus> pools() {
        return views.pools(publisher.world());
    }

    /** The newest entries, newest first, at most {@link AuditLog#RECENT}. */
    public List<AuditEntry> audit(int limit) {
        return audit.last(limit);
    }

    /**
     * Has each new audit entry told.
     *
     * @param listener called on the control thread; must not block
     */
    public Subscription follow(Consumer<AuditEntry> listener) {
        return audit.follow(listener);
    }

    /** The configuration in force as YAML, with every default and no secret; what lies over it stands in front as comments. */
    public String effectiveConfig() {
        World world = publisher.world();
        var yaml = new StringBuilder("# generation ").append(world.generation()).append('\n');
        world.state()
                .overrides()
                .forEach((route, override) -> yaml.append("# route ")
                        .append(route)
                        .append(" is overridden by ")
                        .append(Words.line(override.actor()))
                        .append(": ")
                        .append(Words.weights(override.weights()))
                        .append('\n'));
        return yaml.append(ConfigYaml.render(world.desired().config())).toString();
    }

    /** How a described request would be decided. Takes no part in the draws. */
    public Explained explain(ExplainRequest request) {
        return explanations.explain(
                publisher.world().snapshot(), request, clock.instant().getEpochSecond());
    }

    /**
     * Asks a pool the smoke tests of a route. Takes no part in the data plane, and changes nothing.
     *
     * @param pool null for the pool of the split that has no traffic
     * @return completes on a thread that must not be blocked; never fails
     */
    public CompletableFuture<SmokeAnswer> smoke(String route, @Nullable String pool) {
        return smoke.run(route, pool);
    }

    /** What a reload of this text would say to it. May block on files that hold secrets; not for event loops. */
    public ConfigCheck check(String yaml) {
        ConfigText current = publisher.world().desired().text();
        Loaded loaded = loader.load(new ConfigText(current.source(), yaml, current.base(), null));
        return new ConfigCheck(loaded instanceof Loaded.Usable, loaded.problems());
    }

    /** What the metrics page shows. */
    public Counters counters() {
        World world = publisher.world();
        Reloads read = reloads.reloads();
        return new Counters(
                world.generation(),
                startedAt,
                world.series(),
                world.endpoints(),
                world.snapshot().pools(),
                world.mirrors().stream().map(this::counted).toList(),
                loops,
                read.applied(),
                read.refused(),
                read.last().ok(),
                world.state().overrides().size(),
                world.state().drained().size(),
                publisher.storageFailures(),
                webhooks.counts());
    }

    private Counters.Mirror counted(MirrorMeter meter) {
        return new Counters.Mirror(
                meter, meter.isControl() ? DifferenceReport.NONE : comparisons.report(meter.route(), meter.pool()));
    }

    /** Ends after the command in progress, refuses those that wait, and lets go of the state folder. */
    @Override
    public void close() {
        thread.close();
        close(resources);
    }

    private static void close(Deque<Closeable> resources) {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (IOException e) {
                LOG.warn("closing the state folder: {}", e.getMessage());
            }
        }
    }

    /** Ends with {@link #close}. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
