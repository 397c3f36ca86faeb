package io.turnout.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The certificates of one listener, by the names they stand for. Immutable. */
public final class ServerCertificates {
    private final List<ServerCertificate> inOrder;
    private final Map<String, ServerCertificate> exact = new HashMap<>();
    private final Map<String, ServerCertificate> byParent = new HashMap<>();

    ServerCertificates(List<ServerCertificate> inOrder) {
        this.inOrder = List.copyOf(inOrder);
        for (ServerCertificate certificate : inOrder) {
            for (String name : certificate.names().dns()) {
                if (name.startsWith("*.")) {
                    byParent.putIfAbsent(name.substring(2), certificate);
                } else {
                    exact.putIfAbsent(name, certificate);
                }
            }
        }
    }

    /**
     * The one for a name: an exact name before a wildcard, an earlier certificate before a later one, and the first of
     * all where none suits or no name was sent (RFC 6066 section 3).
     */
    public ServerCertificate forName(@Nullable String serverName) {
        if (serverName == null) {
            return inOrder.get(0);
        }
        String name = serverName.toLowerCase(Locale.ROOT);
        ServerCertificate found = exact.get(name);
        int dot = name.indexOf('.');
        if (found == null && dot > 0) {
            found = byParent.get(name.substring(dot + 1));
        }
        return found == null ? inOrder.get(0) : found;
    }

    /** All of them, in the order of the configuration. */
    public List<ServerCertificate> all() {
        return inOrder;
    }
}
