package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where the rollout of a route stands. Confined to the thread that runs it. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows where the rollout stands, what keeps it there, and what comes next.")
final class RolloutStatusCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
    private String route = "";

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        RolloutStatus rollout = of(admin.client(), route);
        PrintWriter out = spec.commandLine().getOut();
        out.print(admin.json() ? Json.written(rollout) + "\n" : RolloutText.of(route, rollout));
        out.flush();
        return ExitCode.OK;
    }

    /**
     * The rollout of a route.
     *
     * @throws CommandFailure also when it has none
     */
    static RolloutStatus of(AdminClient client, String route) throws CommandFailure {
        RolloutStatus rollout = client.look("/api/v1/routes/" + segment(route), RouteStatus.class)
                .value()
                .rollout();
        if (rollout == null) {
            throw new CommandFailure(ExitCode.NEGATIVE, "route " + Printable.text(route) + " has no rollout");
        }
        return rollout;
    }
}
