package io.turnout.cli;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.ChangeAnswer;
import picocli.CommandLine.Command;

/** Has the file read again now. Confined to the thread that runs it. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Reads the configuration file again now, without waiting for the watch.",
            "With errors in it, what is in force stays in force, and the exit code is 3."
        },
        footerHeading = "%nExample:%n",
        footer = "  turnout reload")
final class ReloadCommand extends ChangeCommand {
    @Override
    AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
        return client.change("POST", "/api/v1/config/reload", new ActionRequest(options.reason()), options);
    }
}
