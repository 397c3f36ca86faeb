package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.ChangeAnswer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with run-time decisions as such. Confined to the thread that runs it. */
@Command(
        name = "override",
        mixinStandardHelpOptions = true,
        description = "Ends what was decided at run time.",
        subcommands = OverrideCommand.Clear.class)
final class OverrideCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "found no command, expected override clear ROUTE");
    }

    /** Puts the file in force again. */
    @Command(
            name = "clear",
            mixinStandardHelpOptions = true,
            description = "Ends the override of a route: the weights of the file are in force again.",
            footerHeading = "%nExample:%n",
            footer = "  turnout override clear shop")
    static final class Clear extends ChangeCommand {
        @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
        private String route = "";

        @Override
        AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
            var body = new ActionRequest(options.reason());
            return client.change("DELETE", "/api/v1/routes/" + segment(route) + "/override", body, options);
        }
    }
}
