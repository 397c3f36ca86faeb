package io.turnout.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Who a client has proved to be by a certificate that was verified. Immutable; made once per connection.
 *
 * @param subject distinguished name (RFC 2253)
 * @param names names in the certificate
 * @param fingerprint SHA-256 of the certificate in hexadecimal digits
 * @param encoded the certificate itself in base64 of its DER
 */
public record ClientIdentity(String subject, CertificateNames names, String fingerprint, String encoded) {
    private static final String PLAIN = "-._~:/@*+!$&'()?#[] ";

    /** The identity in a verified certificate. */
    public static ClientIdentity of(X509Certificate certificate) {
        try {
            byte[] der = certificate.getEncoded();
            return new ClientIdentity(
                    certificate.getSubjectX500Principal().getName(),
                    CertificateNames.of(certificate),
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der)),
                    Base64.getEncoder().encodeToString(der));
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new AssertionError("a certificate that was verified cannot be encoded", e);
        }
    }

    /** The parts by which routes may ask, and what they say. */
    public enum Part {
        SUBJECT,
        DNS,
        URI,
        EMAIL,
        FINGERPRINT
    }

    /** What the certificate says in a part; empty when nothing. */
    public List<String> values(Part part) {
        return switch (part) {
            case SUBJECT -> List.of(subject);
            case DNS -> names.dns();
            case URI -> names.uris();
            case EMAIL -> names.emails();
            case FINGERPRINT -> List.of(fingerprint);
        };
    }

    /** {@code X-Forwarded-Client-Cert} as a complete field line. */
    public String forwardedLine() {
        StringBuilder line = new StringBuilder("X-Forwarded-Client-Cert: Hash=").append(fingerprint);
        line.append(";Subject=\"");
        escape(subject, "=,;", line);
        line.append('"');
        names.uris().forEach(uri -> escape(uri, "=", line.append(";URI=")));
        names.dns().forEach(dns -> escape(dns, "", line.append(";DNS=")));
        return line.append("\r\n").toString();
    }

    /** {@code Client-Cert} as a complete field line (RFC 9440 section 2.2). */
    public String clientCertLine() {
        return "Client-Cert: :" + encoded + ":\r\n";
    }

    /** An authority may sign any text; what could end a value, a field or a line is percent-encoded. */
    private static void escape(String text, String alsoPlain, StringBuilder to) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || PLAIN.indexOf(c) >= 0
                    || alsoPlain.indexOf(c) >= 0;
            if (plain) {
                to.append(c);
            } else {
                to.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
    }
}
