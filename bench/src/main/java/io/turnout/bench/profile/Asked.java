package io.turnout.bench.profile;

import io.turnout.bench.load.RequestShape;
import io.turnout.bench.wire.Dialect;
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

    @Option(names = "--mirror", description = "Copies each request to a shadow that does well.")
    private boolean copied;

    Dialect dialect() {
        return dialect;
    }

    RequestShape shape() {
        return uploadBytes == 0 ? RequestShape.get("/1k", KIB) : RequestShape.upload(uploadBytes, 0);
    }

    boolean copied() {
        return copied;
    }
}
