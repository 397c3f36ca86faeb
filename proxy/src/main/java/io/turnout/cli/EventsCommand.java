package io.turnout.cli;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.StreamEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what happens, as it happens. Confined to the thread that runs it. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Tells what happens, as it happens: a line for each change. Goes on over restarts of the server.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout events",
            "  turnout events --timeout 10m -o json | jq -r 'select(.event == \"audit\") | .data.action'"
        })
final class EventsCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--timeout", paramLabel = "DURATION", description = "End after this time, such as 10m (exit 0)")
    private @Nullable String timeout;

    @Option(names = "--live", description = "The figures of each second too")
    private boolean live;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        Duration atMost = WatchOptions.duration("--timeout", timeout);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        new Following(admin.client(), atMost).follow(new Following.Hearer() {
            @Override
            public void onLost() {
                err.println("the event stream was lost and is tried again");
                err.flush();
            }

            @Override
            public boolean hear(EventReader.Event event) {
                if (live || !event.name().equals("live")) {
                    out.println(admin.json() ? json(event) : text(event));
                    out.flush();
                }
                return true;
            }
        });
        return ExitCode.OK;
    }

    /** One line of JSON with the event's name, so that a pipeline reads line by line. */
    private static String json(EventReader.Event event) {
        return "{\"event\":" + Json.written(event.name()) + ",\"data\":" + event.data() + "}";
    }

    private static String text(EventReader.Event event) {
        return switch (event.name()) {
            case "snapshot" -> {
                var snapshot = Json.read(event.data(), StreamEvent.Snapshot.class);
                yield Printable.time(snapshot.now()) + "  generation "
                        + snapshot.status().generation() + ", "
                        + snapshot.status().routes().size() + " routes";
            }
            case "audit" -> audit(Json.read(event.data(), AuditEntry.class));
            case "status" -> {
                var status =
                        Json.read(event.data(), StreamEvent.StatusChanged.class).status();
                yield "status of generation " + status.generation() + ": "
                        + String.join(
                                "; ",
                                status.routes().stream().map(WatchLines::brief).toList());
            }
            case "live" -> String.join("\n", WatchLines.of(Json.read(event.data(), StreamEvent.Live.class)));
            default -> Printable.text(event.name());
        };
    }

    /** One line. */
    static String audit(AuditEntry entry) {
        String line = Printable.time(entry.time()) + "  " + entry.action() + " " + entry.subject() + " by "
                + entry.actor() + " via " + entry.source()
                + (entry.after() == null ? "" : ": " + entry.after())
                + (entry.reason() == null ? "" : " (" + entry.reason() + ")");
        return Printable.text(line).replace('\n', ' ');
    }
}
