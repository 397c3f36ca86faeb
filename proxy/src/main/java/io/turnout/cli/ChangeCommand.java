package io.turnout.cli;

import io.turnout.adminapi.ChangeAnswer;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that changes something by one call and says what came of it. Confined to the thread that runs it. */
abstract class ChangeCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private ChangeOptions options = new ChangeOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** Makes the call. */
    abstract AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure;

    /** A wrong use of the command that its parameters' types do not catch. */
    final CommandFailure misuse(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }

    @Override
    public final Integer call() throws CommandFailure {
        AdminClient.Received<ChangeAnswer> received = change(admin.client(), options);
        PrintWriter out = spec.commandLine().getOut();
        out.println(admin.json() ? received.json() : told(received.value()));
        out.flush();
        return ExitCode.OK;
    }

    private static String told(ChangeAnswer answer) {
        var text = new StringBuilder(Printable.text(answer.summary()));
        text.append(answer.changed() ? " (generation " : " (nothing to do, generation ");
        text.append(answer.generation()).append(')');
        answer.notes().forEach(note -> text.append("\nnote: ").append(Printable.text(note)));
        return text.toString();
    }
}
