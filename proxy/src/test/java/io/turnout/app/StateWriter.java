package io.turnout.app;

import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.control.Cause;
import io.turnout.control.Command;
import io.turnout.control.CommandResult;
import io.turnout.control.ConfigText;
import io.turnout.control.Control;
import io.turnout.control.ControlSetup;
import io.turnout.control.NameLookup;
import io.turnout.control.state.StateException;
import io.turnout.model.Ticker;
import io.turnout.telemetry.LoopMeter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A control plane without data plane that changes weights as fast as it can and says each change it was promised. */
final class StateWriter {
    private static final String YAML =
            "pools: {blue: [127.0.0.1:1], green: [127.0.0.1:2]}\nlisteners: [{name: web, address: 127.0.0.1:0}]\n"
                    + "routes: [{name: shop, split: {blue: 1, green: 1}}]\nstate: {path: state}\n";

    private StateWriter() {}

    static Control open(Path folder) throws StateException {
        ConfigResult.Valid read = (ConfigResult.Valid) ConfigReader.read("turnout.yaml", YAML, name -> null, folder);
        Control control = Control.open(new ControlSetup(
                new ConfigText("turnout.yaml", YAML, folder, null),
                read.config(),
                read.warnings(),
                name -> null,
                List.of(new LoopMeter()),
                NameLookup.SYSTEM,
                Ticker.SYSTEM,
                InstantSource.system()));
        control.start(listeners -> {});
        return control;
    }

    /** Weight of green, which is how far the counting has come; 1 when there is no override. */
    static int green(Control control) {
        return control.published()
                .current()
                .table()
                .routes()
                .get(0)
                .split()
                .variants()
                .get(1)
                .weight();
    }

    /** Counts up from where the state says it was, forever; prints every acknowledged number. */
    public static void main(String[] arguments) throws StateException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // What is logged, such as of an audit entry that a kill cut short, is no acknowledgement.
        System.setOut(System.err);
        Control control = open(Path.of(arguments[0]));
        for (int i = green(control) + 1; ; i++) {
            CommandResult result = control.submit(new Command.SetWeights(
                            "shop", Map.of("blue", 1, "green", i), null, Cause.of("test", Cause.API)))
                    .join();
            if (!(result instanceof CommandResult.Applied)) {
                throw new IllegalStateException(result.toString());
            }
            out.println(i);
        }
    }
}
