package io.turnout.bench.peer;

import io.turnout.bench.machine.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A certificate of its own for a proxy that is tried over TLS: P-256, as most servers have today. Immutable.
 *
 * @param chain the certificate
 * @param key its private key
 * @param both in one file
 */
record Credentials(Path chain, Path key, Path both) {
    /** Those in a folder, made by {@code openssl} when there are none yet. */
    static Credentials in(Path folder) throws IOException {
        Credentials files =
                new Credentials(folder.resolve("tls.pem"), folder.resolve("tls.key"), folder.resolve("tls-both.pem"));
        if (!Files.exists(files.both)) {
            files.make();
        }
        return files;
    }

    private void make() throws IOException {
        String said = Command.output(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-out",
                chain.toString(),
                "-keyout",
                key.toString()));
        if (!Files.exists(chain) || !Files.exists(key)) {
            throw new IOException("openssl made no certificate. It said: " + said.strip());
        }
        Files.writeString(both, Files.readString(chain) + Files.readString(key));
    }
}
