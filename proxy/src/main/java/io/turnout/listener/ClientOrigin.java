package io.turnout.listener;

import io.turnout.http.Fields;
import io.turnout.http.ForwardingRules;
import io.turnout.http.KnownField;
import io.turnout.snapshot.AddressRange;
import io.turnout.snapshot.ListenerPlan;
import io.turnout.snapshot.ListenerTls;
import io.turnout.tls.TlsSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the client of a connection is, and what upstream is told about it.
 *
 * <p>The word of a peer that is not trusted is dropped and replaced. A trusted peer's {@code X-Forwarded-For} is read
 * from the right: the first address that is not itself a trusted proxy is the client. Confined to the connection's loop.
 */
final class ClientOrigin {
    private final byte[] peer;
    private final String peerText;
    private final boolean trusted;
    private final List<AddressRange> trustedProxies;
    private final @Nullable TlsSession tls;
    private final String scheme;
    private final String certificateLine;
    private final byte[] ownLines;
    private boolean secure;
    private final int peerPort;
    private byte[] address;
    private int port;
    private byte[] lines;

    ClientOrigin(Peer client, ListenerPlan plan) {
        InetSocketAddress remote = client.address();
        this.trustedProxies = plan.trustedProxies();
        this.tls = client.tls();
        scheme = tls == null ? "http" : "https";
        certificateLine = certificateLine(plan.tls());
        this.peer = unmapped(remote.getAddress());
        peerPort = remote.getPort();
        port = peerPort;
        this.peerText = text(peer);
        this.trusted = isTrusted(peer);
        secure = tls != null;
        ownLines = ascii("X-Forwarded-For: " + peerText + "\r\n" + protoLine() + certificateLine);
        address = peer;
        lines = ownLines;
    }

    private String protoLine() {
        return "X-Forwarded-Proto: " + scheme + "\r\n";
    }

    private String certificateLine(@Nullable ListenerTls plan) {
        if (plan == null || tls == null || tls.client() == null) {
            return "";
        }
        return switch (plan.clientField()) {
            case X_FORWARDED_CLIENT_CERT -> tls.client().forwardedLine();
            case CLIENT_CERT -> tls.client().clientCertLine();
            case NONE -> "";
        };
    }

    /** What TLS has settled; null for plain text. */
    @Nullable
    TlsSession tls() {
        return tls;
    }

    /** Whether the client of the current request came by TLS, to us or to a trusted peer that says so. */
    boolean isSecure() {
        return secure;
    }

    /** The client's address, 4 or 16 octets. */
    byte[] address() {
        return address;
    }

    /** The client's port; 0 when only trusted proxies know. */
    int port() {
        return port;
    }

    /** The field lines that go upstream with the current request. */
    byte[] lines() {
        return lines;
    }

    /** Looks at a new request and takes what it says about forwarding out of it, or over. */
    void onRequest(Fields fields) {
        if (!trusted) {
            ForwardingRules.dropForwarded(fields);
            return;
        }
        List<String> chain = chain(fields);
        fields.drop(KnownField.X_FORWARDED_FOR);
        address = clientOf(chain);
        port = chain.isEmpty() ? peerPort : 0;
        chain.add(peerText);
        if (tls != null && tls.client() != null) {
            ForwardingRules.dropClientCertificate(fields);
        }
        int said = fields.find(KnownField.X_FORWARDED_PROTO);
        secure = said < 0 ? tls != null : fields.value(said).equalsIgnoreCase("https");
        String proto = said < 0 ? protoLine() : "";
        String forwarded = fields.has(KnownField.FORWARDED)
                ? "Forwarded: for=" + node() + (tls == null ? ";proto=http\r\n" : ";proto=https\r\n")
                : "";
        lines = ascii("X-Forwarded-For: " + String.join(", ", chain) + "\r\n" + proto + forwarded + certificateLine);
    }

    /** The peer as RFC 7239 section 6 writes it. */
    private String node() {
        return peerText.indexOf(':') < 0 ? peerText : "\"[" + peerText + "]\"";
    }

    private static List<String> chain(Fields fields) {
        List<String> chain = new ArrayList<>();
        for (int i = fields.find(KnownField.X_FORWARDED_FOR);
                i >= 0;
                i = fields.findFrom(KnownField.X_FORWARDED_FOR, i + 1)) {
            for (String hop : fields.value(i).split(",")) {
                if (!hop.isBlank()) {
                    chain.add(hop.strip());
                }
            }
        }
        return chain;
    }

    private byte[] clientOf(List<String> chain) {
        List<String> nearestFirst = new ArrayList<>(chain);
        Collections.reverse(nearestFirst);
        byte[] last = peer;
        for (String hop : nearestFirst) {
            byte[] parsed = parse(hop);
            if (parsed == null) {
                return last;
            }
            last = parsed;
            if (!isTrusted(parsed)) {
                return parsed;
            }
        }
        return last;
    }

    private boolean isTrusted(byte[] candidate) {
        for (AddressRange range : trustedProxies) {
            if (range.contains(candidate)) {
                return true;
            }
        }
        return false;
    }

    /** An address literal, with or without port; null for anything else, names above all: nothing is looked up. */
    private static byte @Nullable [] parse(String hop) {
        byte[] plain = io.netty.util.NetUtil.createByteArrayFromIpAddressString(hop);
        if (plain != null) {
            return plain;
        }
        int colon = hop.lastIndexOf(':');
        return colon < 0 ? null : io.netty.util.NetUtil.createByteArrayFromIpAddressString(hop.substring(0, colon));
    }

    /** An IPv4 client on a dual-stack socket is an IPv4 client. */
    static byte[] unmapped(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != 16 || octets[10] != -1 || octets[11] != -1) {
            return octets;
        }
        for (int i = 0; i < 10; i++) {
            if (octets[i] != 0) {
                return octets;
            }
        }
        return java.util.Arrays.copyOfRange(octets, 12, 16);
    }

    private static String text(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + octets.length + " octets", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
