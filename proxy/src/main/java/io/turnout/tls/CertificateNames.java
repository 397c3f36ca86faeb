package io.turnout.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The names a certificate stands for (RFC 9525 section 6). Immutable.
 *
 * @param dns DNS names in lower case, some of which may begin with {@code *.}
 * @param addresses IP addresses as text
 * @param uris URIs, such as SPIFFE ids
 * @param emails mail addresses
 */
public record CertificateNames(List<String> dns, List<String> addresses, List<String> uris, List<String> emails) {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    public CertificateNames {
        dns = List.copyOf(dns);
        addresses = List.copyOf(addresses);
        uris = List.copyOf(uris);
        emails = List.copyOf(emails);
    }

    /** The names of a certificate; one that carries none in the extension has none. */
    public static CertificateNames of(X509Certificate certificate) {
        Map<Integer, List<String>> byKind = alternatives(certificate).stream()
                .filter(name -> name.get(1) instanceof String)
                .collect(Collectors.groupingBy(
                        name -> (Integer) name.get(0),
                        Collectors.mapping(name -> (String) name.get(1), Collectors.toList())));
        List<String> dns = byKind.getOrDefault(DNS, List.of()).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return new CertificateNames(
                dns,
                byKind.getOrDefault(ADDRESS, List.of()),
                byKind.getOrDefault(URI, List.of()),
                byKind.getOrDefault(EMAIL, List.of()));
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> found = certificate.getSubjectAlternativeNames();
            return found == null ? List.of() : found;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Whether the certificate stands for this host, given in lower case; a wildcard covers one label. */
    public boolean cover(CharSequence host) {
        for (String name : dns) {
            if (covers(name, host)) {
                return true;
            }
        }
        for (String address : addresses) {
            if (address.contentEquals(host)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String name, CharSequence host) {
        if (!name.startsWith("*.")) {
            return name.contentEquals(host);
        }
        int suffix = name.length() - 1;
        int label = host.length() - suffix;
        if (label <= 0) {
            return false;
        }
        for (int i = 0; i < label; i++) {
            if (host.charAt(i) == '.') {
                return false;
            }
        }
        for (int i = 0; i < suffix; i++) {
            if (host.charAt(label + i) != name.charAt(i + 1)) {
                return false;
            }
        }
        return true;
    }

    /** All of them, for people. */
    public List<String> all() {
        List<String> all = new ArrayList<>(dns);
        all.addAll(addresses);
        all.addAll(uris);
        all.addAll(emails);
        return all;
    }
}
