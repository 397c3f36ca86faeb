package io.turnout.control;

import io.turnout.adminapi.Problem;
import io.turnout.adminapi.ReloadStatus;
import io.turnout.config.PoolConfig;
import io.turnout.control.Command.FollowAddresses;
import io.turnout.control.Command.Reload;
import io.turnout.control.Command.ReportUnreadable;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.ConfigLoader.Loaded;
import io.turnout.control.state.RunState;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.PoolPlan;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts other configurations in force. Confined to the control thread, but for {@link #reloads}. */
final class ReloadDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadDesk.class);

    private final Publisher publisher;
    private final ConfigLoader loader;
    private final AddressBook addresses;
    private final InstantSource clock;
    private volatile Reloads reloads;

    ReloadDesk(Publisher publisher, ConfigLoader loader, AddressBook addresses, InstantSource clock) {
        this.publisher = publisher;
        this.loader = loader;
        this.addresses = addresses;
        this.clock = clock;
        List<Problem> warnings = publisher.world().desired().warnings();
        warnings.forEach(ReloadDesk::log);
        reloads = new Reloads(new ReloadStatus(clock.instant(), true, warnings), 1, 0);
    }

    /** How reading has gone so far; any thread. */
    Reloads reloads() {
        return reloads;
    }

    /**
     * Begins to look up names that the text is the first to use.
     *
     * @return is done when the command need not wait any longer; never fails
     */
    CompletableFuture<Void> prepare(Reload command, long nowNanos) {
        return loader.load(command.text()) instanceof Loaded.Usable usable
                ? addresses.prepare(usable.desired().config(), nowNanos)
                : CompletableFuture.completedFuture(null);
    }

    CommandResult reload(Reload command) {
        Loaded loaded = loader.load(command.text());
        CommandResult result = loaded instanceof Loaded.Usable usable
                ? apply(usable.desired(), command.cause())
                : new Refused(
                        Kind.INVALID,
                        "a configuration with problems",
                        "one without, see the list of problems",
                        loaded.problems());
        if (result instanceof Refused refused) {
            onRefused(command.text().source(), refused);
        }
        addresses.retain(publisher.world().desired().config());
        return result;
    }

    private CommandResult apply(Desired next, Cause cause) {
        Desired before = publisher.world().desired();
        if (next.config().equals(before.config())) {
            publisher.restate(next);
            reloads = reloads.onUnchanged(new ReloadStatus(clock.instant(), true, next.warnings()));
            return new Applied(
                    publisher.world().generation(), false, next.text().source() + " says nothing new", List.of());
        }
        RunState state = publisher.world().state();
        List<Effect> endings = new ArrayList<>(OverrideRules.endings(state, next.config()));
        endings.addAll(RolloutRules.endings(state, List.copyOf(endings), next.config(), clock.instant()));
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect(null, "reload", "config", brief(before), brief(next), null));
        effects.addAll(endings);
        Refused refused = publisher.publish(Step.reload(next, effects, cause));
        return refused != null ? refused : onApplied(before, next, endings);
    }

    private static String brief(Desired desired) {
        return desired.text().source() + " " + desired.hash().substring(0, 12);
    }

    private CommandResult onApplied(Desired before, Desired next, List<Effect> endings) {
        List<Problem> problems = new ArrayList<>(next.warnings());
        problems.addAll(ConfigLoader.atNextStart(before, next));
        problems.forEach(ReloadDesk::log);
        reloads = reloads.onApplied(new ReloadStatus(clock.instant(), true, problems));
        List<String> notes =
                new ArrayList<>(problems.stream().map(Problem::text).toList());
        endings.forEach(ending -> notes.add(ending.action() + " of " + ending.subject() + ": " + ending.reason()));
        return new Applied(publisher.world().generation(), true, next.text().source() + " is in force", notes);
    }

    CommandResult reportUnreadable(ReportUnreadable command) {
        Refused refused = Refused.of(Kind.INVALID, command.why(), "a file that can be read");
        onRefused(command.source(), refused);
        return refused;
    }

    private void onRefused(String source, Refused refused) {
        List<Problem> problems = refused.problems().isEmpty()
                ? List.of(new Problem(Problem.ERROR, source, 0, 0, "", refused.found(), refused.expected(), null))
                : refused.problems();
        LOG.error(
                "{} is refused, generation {} stays in force",
                source,
                publisher.world().generation());
        problems.forEach(ReloadDesk::log);
        reloads = reloads.onRefused(new ReloadStatus(clock.instant(), false, problems));
    }

    private static void log(Problem problem) {
        if (problem.severity().equals(Problem.ERROR)) {
            LOG.error("{}", problem.text());
        } else {
            LOG.warn("{}", problem.text());
        }
    }

    /** Compiles anew if an endpoint of the world in force leads elsewhere now. */
    CommandResult followAddresses(FollowAddresses command) {
        World world = publisher.world();
        if (!hasMoved(world)) {
            return new Applied(world.generation(), false, "every endpoint is where it was", List.of());
        }
        Refused refused = publisher.publish(Step.anew(world.desired(), command.cause()));
        return refused != null
                ? refused
                : new Applied(publisher.world().generation(), true, "an endpoint has moved", List.of());
    }

    private boolean hasMoved(World world) {
        for (PoolPlan pool : world.snapshot().pools()) {
            PoolConfig config = world.desired().config().pools().get(pool.name());
            List<InetSocketAddress> now = pool.endpoints().stream()
                    .map(EndpointPlan::address)
                    .distinct()
                    .toList();
            if (config != null && !now.equals(destinations(config))) {
                return true;
            }
        }
        return false;
    }

    /** Where the members of a pool are to be found, in their order. */
    private List<InetSocketAddress> destinations(PoolConfig config) {
        return config.endpoints().stream()
                .flatMap(endpoint ->
                        endpoint.dns() && !addresses.all(endpoint.address()).isEmpty()
                                ? addresses.all(endpoint.address()).stream()
                                : Stream.of(addresses.of(endpoint.address())))
                .distinct()
                .toList();
    }
}
