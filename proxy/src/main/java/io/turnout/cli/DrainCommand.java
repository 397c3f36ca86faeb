package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.ChangeAnswer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an endpoint, a whole pool or a listener out of service. Confined to the thread that runs it. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description =
                "Gives an endpoint, or a whole pool, no new requests, or a listener no new connections; what is in progress"
                        + " ends. It stays so over reload and restart.",
        footerHeading = "%nExamples:%n",
        footer = {"  turnout drain blue 127.0.0.1:9001", "  turnout drain blue", "  turnout drain --listener web"})
final class DrainCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "POOL|LISTENER", description = "The pool; with --listener, the listener")
    private String name = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ADDRESS",
            description = "host:port as in the file; absent: the whole pool")
    private @Nullable String address;

    @Option(names = "--listener", description = "The name is that of a listener")
    private boolean listener;

    @Override
    AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
        return client.change("POST", path() + "/drain", new ActionRequest(options.reason()), options);
    }

    private String path() throws CommandFailure {
        if (!listener) {
            return "/api/v1/pools/" + segment(name) + (address == null ? "" : "/endpoints/" + segment(address));
        }
        if (address != null) {
            throw misuse("a listener is drained by its name alone, without an address");
        }
        return "/api/v1/listeners/" + segment(name);
    }
}
