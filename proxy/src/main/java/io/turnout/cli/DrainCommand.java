package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.ChangeAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes an endpoint out of service. Confined to the thread that runs it. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = "Gives an endpoint no new requests; those in progress end. It stays so over reload and restart.",
        footerHeading = "%nExample:%n",
        footer = "  turnout drain blue 127.0.0.1:9001")
final class DrainCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "The pool")
    private String pool = "";

    @Parameters(index = "1", paramLabel = "ADDRESS", description = "host:port as in the file")
    private String address = "";

    @Override
    AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
        String endpoint = "/api/v1/pools/" + segment(pool) + "/endpoints/" + segment(address);
        return client.change("POST", endpoint + "/drain", new ActionRequest(options.reason()), options);
    }
}
