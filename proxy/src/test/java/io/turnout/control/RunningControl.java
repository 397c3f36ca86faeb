package io.turnout.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.RouteStatus;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.state.StateException;
import io.turnout.telemetry.LoopMeter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A control over a real folder, with time and names in the test's hands. */
final class RunningControl implements AutoCloseable {
    /** Who does what in tests. */
    static final Cause ANN = new Cause("ann", Cause.API, "because", null);

    final ManualTime time;
    final Map<String, List<InetAddress>> names;
    final List<List<String>> followed = new ArrayList<>();
    final Control control;
    private final Path folder;

    /** Called when listeners are to be opened. */
    volatile Runnable onFollow = () -> {};

    /** Called before each lookup, on its thread. */
    volatile Runnable beforeLookup = () -> {};

    /** When set, the next listeners cannot be opened. */
    volatile @Nullable String listenerFailure;

    private RunningControl(Path folder, String yaml, ManualTime time, Map<String, List<InetAddress>> names)
            throws StateException {
        this.folder = folder;
        this.time = time;
        this.names = names;
        control = Control.open(setup(folder, yaml, this::lookup, time));
        control.start(plans -> {
            onFollow.run();
            String failure = listenerFailure;
            if (failure != null) {
                throw new ListenerFollower.ListenerException(failure, new java.io.IOException());
            }
            followed.add(plans.stream().map(plan -> plan.name()).toList());
        });
    }

    static RunningControl start(Path folder, String yaml) throws StateException {
        return start(folder, yaml, new ConcurrentHashMap<>());
    }

    static RunningControl start(Path folder, String yaml, Map<String, List<InetAddress>> names) throws StateException {
        return new RunningControl(folder, yaml, new ManualTime(), names);
    }

    /** Ends, and starts again over the same folder, perhaps with another file. */
    RunningControl restart(String yaml) throws StateException {
        close();
        return new RunningControl(folder, yaml, time, names);
    }

    /** What control starts with over this folder. */
    static ControlSetup setup(Path folder, String yaml, NameLookup lookup, ManualTime time) {
        ConfigText text = new ConfigText("turnout.yaml", yaml, folder, null);
        ConfigResult result = ConfigReader.read(text.source(), yaml, name -> null, folder);
        if (!(result instanceof ConfigResult.Valid valid)) {
            throw new AssertionError(result.problems().toString());
        }
        List<LoopMeter> loops = List.of(new LoopMeter(), new LoopMeter());
        return new ControlSetup(text, valid.config(), valid.warnings(), name -> null, loops, lookup, time, time);
    }

    private List<InetAddress> lookup(String host) throws UnknownHostException {
        beforeLookup.run();
        List<InetAddress> found = names.get(host);
        if (found == null) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    ConfigText text(String yaml) {
        return new ConfigText("turnout.yaml", yaml, folder, null);
    }

    CommandResult perform(Command command) {
        return control.submit(command)
                .orTimeout(30, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    Applied apply(Command command) {
        CommandResult result = perform(command);
        assertThat(result).as("%s", command).isInstanceOf(Applied.class);
        return (Applied) result;
    }

    Refused refuse(Command command) {
        CommandResult result = perform(command);
        assertThat(result).as("%s", command).isInstanceOf(Refused.class);
        return (Refused) result;
    }

    Applied reload(String yaml) {
        return apply(new Command.Reload(text(yaml), Cause.of("file", Cause.FILE)));
    }

    Applied weights(String route, Map<String, Integer> weights) {
        return apply(new Command.SetWeights(route, weights, null, ANN));
    }

    RouteStatus route(String name) {
        RouteStatus status = control.route(name);
        if (status == null) {
            throw new AssertionError("no route " + name);
        }
        return status;
    }

    /** The weights as the data plane has them; control has said so everywhere else, too, when this returns. */
    Map<String, Integer> published(String route) {
        Settled.await(control);
        Map<String, Integer> weights = new java.util.LinkedHashMap<>();
        control.published().current().table().routes().stream()
                .filter(found -> found.name().equals(route))
                .flatMap(found -> found.split().variants().stream())
                .forEach(variant -> weights.put(variant.name(), variant.weight()));
        return weights;
    }

    @Override
    public void close() {
        control.close();
    }
}
