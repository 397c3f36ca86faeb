package io.turnout.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which Turnout a command talks to, and as whom. */
final class AdminOptions {
    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "${env:TURNOUT_ADMIN:-http://127.0.0.1:9900}",
            description = "Where the admin API is (default: TURNOUT_ADMIN, or http://127.0.0.1:9900)")
    private URI admin = URI.create("http://127.0.0.1:9900");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "A token of admin.tokens (default: TURNOUT_TOKEN); others on this machine can see it here")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds nothing but the token")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            defaultValue = "${env:TURNOUT_CA_FILE}",
            description =
                    "PEM file of the authorities that https is trusted by (default: TURNOUT_CA_FILE, or those of Java)")
    private @Nullable Path caFile;

    @Mixin
    private OutputOption output = new OutputOption();

    boolean json() {
        return output.json();
    }

    AdminClient client() throws CommandFailure {
        return new AdminClient(base(), token(), Trust.in(caFile), output.json());
    }

    private URI base() throws CommandFailure {
        boolean http = "http".equals(admin.getScheme()) || "https".equals(admin.getScheme());
        if (!http || admin.getHost() == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--admin: found " + admin + ", expected a URL such as http://127.0.0.1:9900");
        }
        return admin;
    }

    private @Nullable String token() throws CommandFailure {
        if (token != null && tokenFile != null) {
            throw new CommandFailure(ExitCode.USAGE, "found --token and --token-file, expected one of them");
        }
        if (tokenFile == null) {
            return token != null ? token : System.getenv("TURNOUT_TOKEN");
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "--token-file: cannot read " + tokenFile + ": " + e.getMessage());
        }
    }
}
