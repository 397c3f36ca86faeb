package io.turnout.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority of our own, and certificates it issues into PEM files of a folder. */
public final class TestCertificates {
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final char[] NO_PASSWORD = new char[0];

    private final Path folder;
    private final X509Bundle authority;

    /** A new authority, whose certificate is {@code ca.pem} in the folder. */
    public TestCertificates(Path folder) {
        this.folder = folder;
        try {
            authority = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=authority of a test")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        write("ca.pem", authority.getCertificatePEM());
    }

    /** File of the authority. */
    public Path ca() {
        return folder.resolve("ca.pem");
    }

    /** A certificate and its key in {@code NAME.pem} and {@code NAME.key}, valid for a day, for these DNS names. */
    public X509Bundle issue(String name, String... dnsNames) {
        return issue(name, Instant.now().plus(Duration.ofDays(1)), dnsNames);
    }

    /** The same, with its end given. */
    public X509Bundle issue(String name, Instant notAfter, String... dnsNames) {
        return write(
                name,
                builder("CN=" + name, notAfter)
                        .addExtensionOctetString(SUBJECT_ALTERNATIVE_NAME, false, alternatives(dnsNames)));
    }

    /** By hand, because the builder knows no wildcards: a sequence of {@code [2] IA5String} (RFC 5280 section 4.2.1.6). */
    private static byte[] alternatives(String... dnsNames) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String dns : dnsNames) {
            names.write(0x82);
            names.write(dns.length());
            names.writeBytes(dns.getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayOutputStream sequence = new ByteArrayOutputStream();
        sequence.write(0x30);
        sequence.write(names.size());
        sequence.writeBytes(names.toByteArray());
        return sequence.toByteArray();
    }

    /** A certificate for the loopback address. */
    public X509Bundle issueForAddress(String name, String address) {
        return write(
                name,
                builder("CN=" + name, Instant.now().plus(Duration.ofDays(1))).addSanIpAddress(address));
    }

    /** A client's certificate with a SPIFFE id. */
    public X509Bundle issueClient(String name, String subject, String uri) {
        try {
            return write(
                    name,
                    builder(subject, Instant.now().plus(Duration.ofDays(1))).addSanUriName(uri));
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static CertificateBuilder builder(String subject, Instant notAfter) {
        return new CertificateBuilder()
                .ecp256()
                .subject(subject)
                .notBefore(Instant.now().minus(Duration.ofDays(30)))
                .notAfter(notAfter);
    }

    private X509Bundle write(String name, CertificateBuilder builder) {
        try {
            X509Bundle issued = builder.buildIssuedBy(authority);
            write(name + ".pem", issued.getCertificatePEM());
            write(name + ".key", issued.getPrivateKeyPEM());
            return issued;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Replaces a file as careful writers do: beside it, then renamed over. */
    public Path write(String file, String content) {
        try {
            Path fresh = Files.writeString(folder.resolve(file + ".new"), content);
            return Files.move(
                    fresh, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certificate of this name as YAML. */
    public String yaml(String name) {
        return "{certificate: " + folder.resolve(name + ".pem") + ", key: " + folder.resolve(name + ".key") + "}";
    }

    /** A context that trusts the authority and shows a certificate, or none. */
    public SSLContext context(@Nullable X509Bundle own) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", authority.getCertificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(own), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager @Nullable [] keys(@Nullable X509Bundle own) throws Exception {
        if (own == null) {
            return null;
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own.toKeyStore(NO_PASSWORD), NO_PASSWORD);
        return keys.getKeyManagers();
    }

    /** A connection whose handshake is done, to a port of this machine. */
    public static SSLSocket connect(SSLContext context, int port, @Nullable String serverName, String... protocols) {
        try {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(Patience.LIMIT_MILLIS);
            return handshake(context, plain, serverName, protocols);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A handshake over a connection that is open. */
    public static SSLSocket handshake(
            SSLContext context, Socket plain, @Nullable String serverName, String... protocols) throws IOException {
        return handshake(context, plain, serverName, List.of("http/1.1"), protocols);
    }

    /**
     * The same.
     *
     * @param offered by ALPN; none when it is empty
     */
    public static SSLSocket handshake(
            SSLContext context, Socket plain, @Nullable String serverName, List<String> offered, String... protocols)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, serverName == null ? "none" : serverName, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        parameters.setApplicationProtocols(offered.toArray(new String[0]));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
