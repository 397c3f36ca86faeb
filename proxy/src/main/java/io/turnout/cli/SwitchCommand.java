package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ChangeAnswer;
import io.turnout.adminapi.SwitchRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends all traffic of a route to one pool. Confined to the thread that runs it. */
@Command(
        name = "switch",
        mixinStandardHelpOptions = true,
        description = "Sends all traffic of a route to one pool. When the command ends, the next request goes there.",
        footerHeading = "%nExamples:%n",
        footer = {"  turnout switch shop green --reason \"release 2.4\"", "  turnout switch shop blue"})
final class SwitchCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
    private String route = "";

    @Parameters(index = "1", paramLabel = "POOL", description = "A pool of its split")
    private String pool = "";

    @Option(names = "--force", description = "Even if the pool does not look able to take the traffic")
    private boolean force;

    @Override
    AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
        var body = new SwitchRequest(pool, force, options.reason());
        return client.change("POST", "/api/v1/routes/" + segment(route) + "/switch", body, options);
    }
}
