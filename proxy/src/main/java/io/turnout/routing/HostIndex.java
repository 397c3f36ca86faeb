package io.turnout.routing;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a table by host: exact names, then wildcards from the longest, then every host. Immutable.
 *
 * <p>Wildcards are found in one pass from the right; each knows the next shorter one that contains it.
 */
final class HostIndex {
    /** The host of routes that name none. */
    static final String EVERY_HOST = "*";

    private final CharTable<PathIndex> exact;
    private final CharTable<WildcardNode> wildcards;
    private final int longestWildcard;
    private final @Nullable PathIndex everyHost;

    private record WildcardNode(PathIndex paths, @Nullable WildcardNode shorter) {}

    /** @param paths by host, wildcard or {@link #EVERY_HOST} */
    HostIndex(Map<String, PathIndex> paths) {
        var exactPaths = new LinkedHashMap<String, PathIndex>();
        var wildcardPaths = new LinkedHashMap<String, PathIndex>();
        paths.forEach((host, index) -> {
            if (host.startsWith("*.")) {
                wildcardPaths.put(host.substring(1), index);
            } else if (!host.equals(EVERY_HOST)) {
                exactPaths.put(host, index);
            }
        });
        exact = CharTable.of(exactPaths);
        Map<String, WildcardNode> nodes = nodes(wildcardPaths);
        wildcards = CharTable.of(nodes);
        longestWildcard = nodes.keySet().stream().mapToInt(String::length).max().orElse(0);
        everyHost = paths.get(EVERY_HOST);
    }

    @Nullable
    Route match(RequestView request) {
        CharSequence host = request.host();
        PathIndex paths = exact.find(host, 0, host.length(), CharTable.hash(host, 0, host.length()));
        Route found = paths == null ? null : paths.match(request);
        for (WildcardNode node = longestWildcard(host); found == null && node != null; node = node.shorter) {
            found = node.paths.match(request);
        }
        return found == null && everyHost != null ? everyHost.match(request) : found;
    }

    /** Grows the suffix to the left: its hash gains a term with the next power of the hash's base. */
    private @Nullable WildcardNode longestWildcard(CharSequence host) {
        WildcardNode longest = null;
        int hash = 0;
        int power = 1;
        for (int i = host.length() - 1; i > 0 && host.length() - i <= longestWildcard; i--) {
            hash += host.charAt(i) * power;
            power *= CharTable.BASE;
            if (host.charAt(i) == '.') {
                WildcardNode node = wildcards.find(host, i, host.length(), hash);
                longest = node != null ? node : longest;
            }
        }
        return longest;
    }

    private static Map<String, WildcardNode> nodes(Map<String, PathIndex> paths) {
        var nodes = new LinkedHashMap<String, WildcardNode>();
        paths.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
                .forEach(entry ->
                        nodes.put(entry.getKey(), new WildcardNode(entry.getValue(), shorter(entry.getKey(), nodes))));
        return nodes;
    }

    private static @Nullable WildcardNode shorter(String suffix, Map<String, WildcardNode> nodes) {
        for (int dot = suffix.indexOf('.', 1); dot >= 0; dot = suffix.indexOf('.', dot + 1)) {
            WildcardNode node = nodes.get(suffix.substring(dot));
            if (node != null) {
                return node;
            }
        }
        return null;
    }
}
