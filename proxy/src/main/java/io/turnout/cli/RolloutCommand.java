package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ActionRequest;
import io.turnout.adminapi.ChangeAnswer;
import io.turnout.adminapi.PromoteRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be asked of the rollout of a route. Confined to the thread that runs it. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        description = "Moves a canary from nothing to all traffic, by steps, judged all the time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout rollout start shop --reason \"release 2.4\"",
            "  turnout rollout status shop",
            "  turnout rollout wait shop --timeout 2h && echo released"
        },
        subcommands = {
            RolloutCommand.Start.class,
            RolloutCommand.Pause.class,
            RolloutCommand.Resume.class,
            RolloutCommand.Promote.class,
            RolloutCommand.Revert.class,
            RolloutCommand.Retry.class,
            RolloutStatusCommand.class,
            RolloutWaitCommand.class
        })
final class RolloutCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "found no command, expected one such as rollout start ROUTE");
    }

    /** Where the calls of a route's rollout are. */
    static String path(String route, String verb) {
        return "/api/v1/routes/" + segment(route) + "/rollout/" + verb;
    }

    /** A verb that takes no more than a reason. */
    abstract static class Plain extends ChangeCommand {
        @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
        private String route = "";

        private final String verb;

        Plain(String verb) {
            this.verb = verb;
        }

        @Override
        final AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options)
                throws CommandFailure {
            return client.change("POST", path(route, verb), new ActionRequest(options.reason()), options);
        }
    }

    /** Begins. */
    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Begins the rollout, or begins anew after a revert.")
    static final class Start extends Plain {
        Start() {
            super("start");
        }
    }

    /** Stops on the way. */
    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Stays at the present weight. The canary is still judged, and reverted when it is bad.",
            footerHeading = "%nExample:%n",
            footer = "  turnout pause shop --reason \"lunch\"")
    static final class Pause extends Plain {
        Pause() {
            super("pause");
        }
    }

    /** Goes on. */
    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on after a pause.")
    static final class Resume extends Plain {
        Resume() {
            super("resume");
        }
    }

    /** Takes the canary's traffic away. */
    @Command(
            name = "revert",
            mixinStandardHelpOptions = true,
            description = "Takes all traffic of the canary away, at once and until somebody retries.",
            footerHeading = "%nExample:%n",
            footer = "  turnout revert shop --reason \"checkout is broken\"")
    static final class Revert extends Plain {
        Revert() {
            super("revert");
        }
    }

    /** Begins again. */
    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Begins once more from the first step after a revert, with no evidence from before.")
    static final class Retry extends Plain {
        Retry() {
            super("retry");
        }
    }

    /** Goes up without waiting. */
    @Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = {
                "Goes to the next step now, without waiting for evidence, hold or gate.",
                "Where a step waits for approval, this is the approval."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  turnout promote shop", "  turnout promote shop --full --reason \"hotfix\""})
    static final class Promote extends ChangeCommand {
        @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
        private String route = "";

        @Option(names = "--full", description = "To all traffic at once")
        private boolean full;

        @Option(
                names = "--from-step",
                paramLabel = "N",
                description = "Only if it stands on this step: a repeated command does not go two steps")
        private @Nullable Integer step;

        @Override
        AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
            var body = new PromoteRequest(full, step, options.reason());
            return client.change("POST", path(route, "promote"), body, options);
        }
    }
}
