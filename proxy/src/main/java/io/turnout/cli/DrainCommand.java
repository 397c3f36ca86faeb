package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.ChangeAnswer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes an endpoint or a whole pool out of service. Confined to the thread that runs it. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description =
                "Gives an endpoint, or a whole pool, no new requests; those in progress end. It stays so over reload and"
                        + " restart.",
        footerHeading = "%nExamples:%n",
        footer = {"  turnout drain blue 127.0.0.1:9001", "  turnout drain blue"})
final class DrainCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "The pool")
    private String pool = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ADDRESS",
            description = "host:port as in the file; absent: the whole pool")
    private @Nullable String address;

    @Override
    AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
        String path = "/api/v1/pools/" + segment(pool) + (address == null ? "" : "/endpoints/" + segment(address));
        return client.change("POST", path + "/drain", new ActionRequest(options.reason()), options);
    }
}
