package io.turnout.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom the command line trusts to be the admin API. Stateless. */
final class Trust {
    private Trust() {}

    /** A context that trusts the authorities of a PEM file and nobody else; null for those that Java trusts. */
    static @Nullable SSLContext in(@Nullable Path file) throws CommandFailure {
        if (file == null || file.toString().isEmpty()) {
            return null;
        }
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority " + trusted.size(), authority);
            }
            if (trusted.size() == 0) {
                throw unusable(file, "no certificate");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, String.valueOf(e.getMessage()));
        }
    }

    private static CommandFailure unusable(Path file, String found) {
        return new CommandFailure(
                ExitCode.USAGE, "--ca-file " + file + ": found " + found + ", expected certificates as PEM");
    }
}
