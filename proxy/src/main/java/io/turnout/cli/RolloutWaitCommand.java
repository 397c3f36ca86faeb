package io.turnout.cli;

import io.turnout.adminapi.RolloutStatus;
import io.turnout.config.shape.Units;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Waits for the end of a rollout, for pipelines. Confined to the thread that runs it. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = {
            "Waits until the rollout has ended: exit 0 when it succeeded, 1 when it was reverted or superseded,"
                    + " 6 when the time ran out.",
            "Tells each change of phase and step on its way. Goes on when Turnout is restarted meanwhile."
        },
        footerHeading = "%nExample:%n",
        footer = "  turnout rollout start shop && turnout rollout wait shop --timeout 2h")
final class RolloutWaitCommand implements Callable<Integer> {
    private static final long LOOK_AGAIN_MILLIS = 500;

    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
    private String route = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "How long to wait at most (default: 1h)")
    private String timeout = "1h";

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        Duration patience = Units.duration(timeout);
        if (patience == null || patience.isZero()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--timeout: found " + timeout + ", expected a duration such as 30m");
        }
        long end = System.nanoTime() + patience.toNanos();
        AdminClient client = admin.client();
        RolloutStatus last = RolloutStatusCommand.of(client, route);
        tell(last);
        while (!isOver(last)) {
            if (System.nanoTime() - end >= 0) {
                throw new CommandFailure(
                        ExitCode.TIMED_OUT,
                        "not over after " + timeout + ": " + Printable.text(RolloutText.line(last)));
            }
            pause();
            RolloutStatus now = look(client, last);
            if (isNews(last, now)) {
                tell(now);
            }
            last = now;
        }
        if (admin.json()) {
            say(Json.written(last));
        }
        return last.phase().equals("succeeded") ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    /** A process that is being restarted is no reason to give up. */
    private RolloutStatus look(AdminClient client, RolloutStatus last) throws CommandFailure {
        try {
            return RolloutStatusCommand.of(client, route);
        } catch (CommandFailure failure) {
            if (failure.exitCode() == ExitCode.UNREACHABLE) {
                return last;
            }
            throw failure;
        }
    }

    private static boolean isOver(RolloutStatus rollout) {
        return switch (rollout.phase()) {
            case "succeeded", "reverted", "superseded" -> true;
            default -> false;
        };
    }

    private static boolean isNews(RolloutStatus before, RolloutStatus now) {
        return !before.phase().equals(now.phase()) || before.step() != now.step() || before.weight() != now.weight();
    }

    private void tell(RolloutStatus rollout) {
        if (!admin.json()) {
            say(Printable.text(RolloutText.line(rollout) + ": " + rollout.text()));
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static void pause() throws CommandFailure {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.NEGATIVE, "interrupted");
        }
    }
}
