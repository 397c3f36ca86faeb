package io.turnout.routing;

import java.util.Locale;

/** What of a verified client certificate a condition may ask for. */
public enum CertificatePart {
    SUBJECT,
    DNS,
    URI,
    EMAIL,
    /** SHA-256 of the certificate in hexadecimal digits. */
    FINGERPRINT;

    /** As it is written in the configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
