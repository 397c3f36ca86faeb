package io.turnout.config;

import static io.turnout.config.shape.Scalars.choice;
import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;

import io.turnout.config.shape.Definitions;
import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.ScalarShape.Family;
import io.turnout.config.shape.ScalarShape.Words;
import java.util.List;

/** TLS towards clients and towards the members of pools. */
final class TlsShapes {
    private static final ScalarShape<TlsVersion> VERSION = ScalarShape.of(
            Family.FORM,
            new Words("one of 1.2, 1.3", "`1.2` or `1.3`"),
            Definitions.object("enum", List.of("1.2", "1.3", 1.2, 1.3)),
            text -> switch (text) {
                case "1.2" -> TlsVersion.TLS_1_2;
                case "1.3" -> TlsVersion.TLS_1_3;
                default -> null;
            },
            TlsVersion::text);

    static final RecordShape<TlsConfig> DOWNSTREAM = downstream();
    static final RecordShape<PoolConfig.Tls> UPSTREAM = upstream();

    private TlsShapes() {}

    private static RecordShape<TlsConfig> downstream() {
        RecordShape.Draft<TlsConfig> r = RecordShape.draft(
                "tls", "TLS towards clients. The files are followed: what changes is shown to new connections.");
        var certificates = r.key("certificates", ListShape.of(certificate()).notEmpty(), TlsConfig::certificates)
                .doc("Shown by the name that the client asks for; the first when none suits.");
        var clientCa = r.key("clientCa", TlsFiles.FILE, TlsConfig::clientCa)
                .optional()
                .doc("File of the authorities that a client's certificate must chain to. Absent: none is asked for.");
        var clientAuth = r.key("clientAuth", choice(TlsConfig.ClientAuth.class), TlsConfig::clientAuth)
                .byDefault("required")
                .doc("With `clientCa`: whether a client must show a certificate, or may.");
        var clientHeader = r.key("clientHeader", choice(TlsConfig.ClientHeader.class), TlsConfig::clientHeader)
                .byDefault("xForwardedClientCert")
                .doc("How the backend is told who was verified: `xForwardedClientCert` (fingerprint, subject, names),"
                        + " `clientCert` (RFC 9440) or `off`. Copies sent by clients are removed in any case.");
        var minVersion = r.key("minVersion", VERSION, TlsConfig::minVersion)
                .byDefault("1.2")
                .doc("Oldest version that is spoken.");
        var sniMismatch = r.key("sniMismatch", choice(TlsConfig.SniMismatch.class), TlsConfig::sniMismatch)
                .byDefault("refuse")
                .doc("What becomes of a request for a host that is neither the name the client asked for in the"
                        + " handshake nor one of the certificate shown: 421, or nothing.");
        var handshakeTimeout = r.key("handshakeTimeout", duration("100ms", "10m"), TlsConfig::handshakeTimeout)
                .byDefault("10s")
                .doc("For a whole handshake. Beyond: the connection is closed.");
        var handshakes = r.key("handshakes", integer(1, 1_000_000), TlsConfig::handshakes)
                .byDefault("4096")
                .doc("Handshakes under way at a time. Beyond: new connections are closed at once, and counted.");
        r.check((v, reading) -> {
            String file = v.orNull(clientCa);
            if (file != null) {
                reading.remember(new TlsFiles.Authorities(file), v.at(clientCa));
            }
        });
        return r.makes(v -> new TlsConfig(
                v.of(certificates),
                v.orNull(clientCa),
                v.of(clientAuth),
                v.of(clientHeader),
                v.of(minVersion),
                v.of(sniMismatch),
                v.of(handshakeTimeout),
                v.of(handshakes)));
    }

    private static RecordShape<TlsConfig.Certificate> certificate() {
        RecordShape.Draft<TlsConfig.Certificate> r =
                RecordShape.draft("certificate", "A certificate chain and its private key, in PEM files.");
        var certificate = r.key("certificate", TlsFiles.FILE, TlsConfig.Certificate::certificate)
                .doc("File of the chain, leaf first.");
        var key = r.key("key", TlsFiles.FILE, TlsConfig.Certificate::key).doc("File of the private key, unencrypted.");
        var ocspResponse = r.key("ocspResponse", TlsFiles.FILE, TlsConfig.Certificate::ocspResponse)
                .optional()
                .doc("File of an OCSP answer in DER, stapled to the certificate. Kept fresh by others.");
        r.check((v, reading) -> {
            String chainFile = v.orNull(certificate);
            String keyFile = v.orNull(key);
            if (chainFile != null && keyFile != null) {
                reading.remember(new TlsFiles.Pair(chainFile, keyFile, v.at(key)), v.at(certificate));
            }
            String ocspFile = v.orNull(ocspResponse);
            if (ocspFile != null) {
                reading.remember(new TlsFiles.AsItIs(ocspFile), v.at(ocspResponse));
            }
        });
        return r.makes(v -> new TlsConfig.Certificate(v.of(certificate), v.of(key), v.orNull(ocspResponse)));
    }

    private static RecordShape<PoolConfig.Tls> upstream() {
        RecordShape.Draft<PoolConfig.Tls> r = RecordShape.draft(
                "poolTls", "TLS towards the members. The files are followed: what changes holds for new connections.");
        var ca = r.key("ca", TlsFiles.FILE, PoolConfig.Tls::ca)
                .optional()
                .doc("File of trusted authorities. Absent: the platform's.");
        var serverName = r.key("serverName", TextShapes.SERVER_NAME, PoolConfig.Tls::serverName)
                .optional()
                .doc("Name that is asked for and verified. Absent: the endpoint's host.");
        var verify = r.key("verify", choice(PoolConfig.Tls.Verify.class), PoolConfig.Tls::verify)
                .byDefault("full")
                .doc("What of a member's certificate is verified: `full` (chain, validity and name), `chain` (not the"
                        + " name) or `none`.");
        var certificate = r.key("certificate", TlsFiles.FILE, PoolConfig.Tls::certificate)
                .optional()
                .doc("File of our own chain, for members that ask for one.");
        var key = r.key("key", TlsFiles.FILE, PoolConfig.Tls::key).optional().doc("File of its private key.");
        var minVersion = r.key("minVersion", VERSION, PoolConfig.Tls::minVersion)
                .byDefault("1.2")
                .doc("Oldest version that is spoken.");
        r.check((v, reading) -> {
            if (v.isWritten(certificate) != v.isWritten(key)) {
                reading.error(
                        v.at(),
                        v.isWritten(key) ? "key without certificate" : "certificate without key",
                        "both or none");
            }
            String chainFile = v.orNull(certificate);
            String keyFile = v.orNull(key);
            if (chainFile != null && keyFile != null) {
                reading.remember(new TlsFiles.Pair(chainFile, keyFile, v.at(key)), v.at(certificate));
            }
            String caFile = v.orNull(ca);
            if (caFile != null) {
                reading.remember(new TlsFiles.Authorities(caFile), v.at(ca));
            }
            if (v.orNull(verify) == PoolConfig.Tls.Verify.NONE) {
                reading.warning(v.at(verify), "members whose certificates are not verified", "full, except in a test");
            }
        });
        return r.makes(v -> new PoolConfig.Tls(
                v.orNull(ca),
                v.orNull(serverName),
                v.of(verify),
                v.orNull(certificate),
                v.orNull(key),
                v.of(minVersion)));
    }
}
