package io.turnout.control;

import io.turnout.config.ConfigProblem;
import io.turnout.config.TurnoutConfig;
import io.turnout.model.Ticker;
import io.turnout.telemetry.LoopMeter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What control starts with. Immutable.
 *
 * @param text the configuration as found
 * @param config the same, read
 * @param warnings found while reading it
 * @param environment looks up variables in later configurations; null for one that is not set
 * @param loops meters of the data plane, one for each event loop
 * @param lookup turns names into addresses
 * @param ticker for everything that lasts
 * @param clock for everything that is shown or outlives the process
 */
public record ControlSetup(
        ConfigText text,
        TurnoutConfig config,
        List<ConfigProblem> warnings,
        Function<String, @Nullable String> environment,
        List<LoopMeter> loops,
        NameLookup lookup,
        Ticker ticker,
        InstantSource clock) {
    public ControlSetup {
        warnings = List.copyOf(warnings);
        loops = List.copyOf(loops);
    }

    /** The folder in which state survives: {@code state.path}, seen from the configuration's folder. */
    public Path stateFolder() {
        return config.state().folder(text.base());
    }
}
