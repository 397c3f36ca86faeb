package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.ChangeAnswer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets go on what was stopped: a rollout, an endpoint, a pool, or a listener. Confined to the thread that runs it. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description =
                "Lets a paused rollout go on; or, with an address, --pool or --listener, takes what was drained back"
                        + " into service.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout resume shop",
            "  turnout resume blue 127.0.0.1:9001",
            "  turnout resume --pool blue",
            "  turnout resume --listener web"
        })
final class ResumeCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "ROUTE|POOL|LISTENER", description = "The route; with an address, the pool")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "ADDRESS", description = "host:port as in the file")
    private @Nullable String address;

    @Option(names = "--pool", description = "The name is that of a pool, which was drained as a whole")
    private boolean wholePool;

    @Option(names = "--listener", description = "The name is that of a listener, which was drained")
    private boolean listener;

    @Override
    AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
        if (listener) {
            if (wholePool || address != null) {
                throw misuse("a listener is resumed by its name alone, without --pool or an address");
            }
            String path = "/api/v1/listeners/" + segment(name) + "/resume";
            return client.change("POST", path, new ActionRequest(options.reason()), options);
        }
        if (wholePool && address == null) {
            String path = "/api/v1/pools/" + segment(name) + "/resume";
            return client.change("POST", path, new ActionRequest(options.reason()), options);
        }
        return address == null
                ? client.change(
                        "POST", RolloutCommand.path(name, "resume"), new ActionRequest(options.reason()), options)
                : endpoint(client, options, name, address);
    }

    private static AdminClient.Received<ChangeAnswer> endpoint(
            AdminClient client, ChangeOptions options, String pool, String address) throws CommandFailure {
        String endpoint = "/api/v1/pools/" + segment(pool) + "/endpoints/" + segment(address);
        return client.change("POST", endpoint + "/resume", new ActionRequest(options.reason()), options);
    }
}
