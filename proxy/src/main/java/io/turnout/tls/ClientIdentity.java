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
 * @param subjects the subject alone, as routing asks for it
 * @param fingerprints the fingerprint alone, as routing asks for it
 */
public record ClientIdentity(
        String subject,
        CertificateNames names,
        String fingerprint,
        String encoded,
        List<String> subjects,
        List<String> fingerprints) {
    private static final String PLAIN = "-._~:/@*+!$&'()?#[] ";

    /** The identity in a verified certificate. */
    public static ClientIdentity of(X509Certificate certificate) {
        try {
            byte[] der = certificate.getEncoded();
            String subject = certificate.getSubjectX500Principal().getName();
            String fingerprint = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(der));
            return new ClientIdentity(
                    subject,
                    CertificateNames.of(certificate),
                    fingerprint,
                    Base64.getEncoder().encodeToString(der),
                    List.of(subject),
                    List.of(fingerprint));
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new AssertionError("a certificate that was verified cannot be encoded", e);
        }
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
