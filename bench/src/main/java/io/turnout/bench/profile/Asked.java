package io.turnout.bench.profile;

import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.wire.Dialect;
import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** What is asked of the Turnout that is looked at; options that the commands share. Filled by the command line. */
final class Asked {
    private static final int KIB = 1024;

    @Option(
            names = "--dialect",
            defaultValue = "H1",
            description = "What clients speak: h1, h1_tls, h2c or h2_tls. Default: ${DEFAULT-VALUE}")
    private Dialect dialect = Dialect.H1;

    @Option(
            names = "--upload",
            paramLabel = "BYTES",
            defaultValue = "0",
            description = "Requests with a body, in place of 1 KiB answers.")
    private long uploadBytes;

    @Option(names = "--large", description = "Answers of 1 MiB, in place of 1 KiB.")
    private boolean large;

    @Option(names = "--churn", description = "A connection for each request.")
    private boolean churning;

    @Option(names = "--mirror", description = "Copies each request to a shadow that does well.")
    private boolean copied;

    Dialect dialect() {
        return dialect;
    }

    LoadPlan load(InetSocketAddress target, int connections) {
        LoadPlan plan =
                churning ? LoadPlan.churn(target, shape(), connections) : LoadPlan.closed(target, shape(), connections);
        return plan.in(dialect);
    }

    /** Whether each message takes one call to read and one to write, once connections are open. */
    boolean isSmall() {
        return !large && !churning && uploadBytes <= KIB;
    }

    private RequestShape shape() {
        if (uploadBytes > 0) {
            return RequestShape.upload(uploadBytes, 0);
        }
        return large ? RequestShape.get("/1m", KIB * KIB) : RequestShape.get("/1k", KIB);
    }

    boolean copied() {
        return copied;
    }
}
