package io.turnout.config;

import io.turnout.config.shape.Definitions;
import io.turnout.config.shape.Followed;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.ScalarShape.Family;
import io.turnout.config.shape.ScalarShape.Words;
import io.turnout.config.shape.Shape;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses in the file: bound, dialled, trusted. Each is remembered, to be held against the others at the end. */
final class AddressShapes {
    /** An address that is bound; a port alone stands for all interfaces. */
    static final Shape<HostPort> LISTENER = new Followed<>(bindable("0.0.0.0"), (address, at, reading) -> {
        reading.remember(new AddressConflicts.Bound(AddressConflicts.Bound.By.LISTENER, address), at);
        return true;
    });

    /** The admin address; a port alone stands for the loopback interface. */
    static final Shape<HostPort> ADMIN = new Followed<>(bindable("127.0.0.1"), (address, at, reading) -> {
        reading.remember(new AddressConflicts.Bound(AddressConflicts.Bound.By.ADMIN, address), at);
        return true;
    });

    static final Shape<EndpointConfig> ENDPOINT = new Followed<>(endpoint(), (endpoint, at, reading) -> {
        reading.remember(new AddressConflicts.Dialled(endpoint.address()), at);
        return true;
    });

    static final Shape<URI> URL = new Followed<>(url(), (url, at, reading) -> {
        HostPort address = target(url);
        if (address != null) {
            reading.remember(new AddressConflicts.Dialled(address), at);
        }
        return true;
    });

    static final ScalarShape<IpRange> RANGE = ScalarShape.of(
            Family.TEXT,
            new Words("an address block such as 10.0.0.0/8 or fd00::/8", "address block (CIDR)"),
            Map.of("type", "string"),
            IpRange::parse,
            IpRange::toString);

    private AddressShapes() {}

    private static ScalarShape<HostPort> bindable(String defaultHost) {
        return ScalarShape.of(
                Family.FORM,
                new Words(
                        "host:port, [ipv6]:port or a port from 0 to 65535",
                        "`host:port`, or a port on `" + defaultHost + "`"),
                Definitions.object("type", List.of("string", "integer")),
                text -> parseBindable(text, defaultHost),
                HostPort::toString);
    }

    private static @Nullable HostPort parseBindable(String text, String defaultHost) {
        int port = HostPort.port(text.startsWith(":") ? text.substring(1) : text);
        return port >= 0 ? new HostPort(defaultHost, port) : HostPort.parse(text);
    }

    private static ScalarShape<EndpointConfig> endpoint() {
        return ScalarShape.of(
                Family.TEXT,
                new Words("host:port, [ipv6]:port or dns://name:port", "`host:port` or `dns://name:port`"),
                Definitions.object("type", "string", "pattern", "^.+:[0-9]{1,5}$"),
                AddressShapes::parseEndpoint,
                EndpointConfig::toString);
    }

    private static @Nullable EndpointConfig parseEndpoint(String text) {
        boolean dns = text.startsWith(EndpointConfig.DNS_SCHEME);
        HostPort address = HostPort.parse(dns ? text.substring(EndpointConfig.DNS_SCHEME.length()) : text);
        if (address == null || address.port() == 0 || (dns && address.isLiteral())) {
            return null;
        }
        return new EndpointConfig(address, dns);
    }

    private static ScalarShape<URI> url() {
        return ScalarShape.of(
                Family.TEXT,
                new Words("an http or https URL with a host and without user or fragment", "URL"),
                Definitions.object("type", "string", "pattern", "^https?://.+$"),
                AddressShapes::parseUrl,
                URI::toString);
    }

    private static @Nullable URI parseUrl(String text) {
        try {
            var url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean usable =
                    http && url.getRawUserInfo() == null && url.getRawFragment() == null && target(url) != null;
            return usable ? url : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** The address that is dialled for a URL; null when it has none. */
    private static @Nullable HostPort target(URI url) {
        if (url.getHost() == null) {
            return null;
        }
        int byScheme = url.getScheme().toLowerCase(Locale.ROOT).equals("https") ? 443 : 80;
        return HostPort.parse(url.getHost() + ":" + (url.getPort() < 0 ? byScheme : url.getPort()));
    }
}
