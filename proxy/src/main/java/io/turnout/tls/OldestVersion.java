package io.turnout.tls;

import java.util.List;

/** The oldest version of TLS that is spoken. */
public enum OldestVersion {
    TLS_1_2("TLSv1.3", "TLSv1.2"),
    TLS_1_3("TLSv1.3");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> protocols;

    OldestVersion(String... protocols) {
        this.protocols = List.of(protocols);
    }

    List<String> protocols() {
        return protocols;
    }
}
