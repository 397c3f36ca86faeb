package io.turnout.routing;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host by path. Immutable.
 *
 * <p>One pass over the path finds the exact path and the longest prefix by hash. Every prefix knows the next shorter one
 * that contains it, so those that match are tried longest first without searching again.
 */
final class PathIndex {
    private final CharTable<RankedCandidates> exact;
    private final CharTable<PrefixNode> prefixes;
    private final @Nullable PrefixNode rootPrefix;
    private final int longestPrefix;
    private final RegexNode[] regexes;
    private final RankedCandidates anyPath;

    /** A prefix with its routes, and the longest shorter prefix that matches whatever this one matches. */
    private record PrefixNode(
            RankedCandidates ranked, @Nullable PrefixNode shorter) {}

    private record RegexNode(PathMatch path, RankedCandidates ranked) {}

    /** @param groups routes by path, ranked within each; regular expressions in file order */
    PathIndex(Map<PathMatch, List<Candidate>> groups) {
        var exactGroups = new LinkedHashMap<String, RankedCandidates>();
        var prefixGroups = new LinkedHashMap<String, RankedCandidates>();
        groups.forEach((path, ranked) -> {
            if (path instanceof PathMatch.Exact whole) {
                exactGroups.put(whole.path(), new RankedCandidates(ranked));
            } else if (path instanceof PathMatch.Prefix prefix) {
                prefixGroups.put(prefix.path(), new RankedCandidates(ranked));
            }
        });
        exact = CharTable.of(exactGroups);
        Map<String, PrefixNode> nodes = nodes(prefixGroups);
        prefixes = CharTable.of(nodes);
        rootPrefix = nodes.get("");
        longestPrefix = nodes.keySet().stream().mapToInt(String::length).max().orElse(0);
        regexes = groups.entrySet().stream()
                .filter(group -> group.getKey() instanceof PathMatch.Regex)
                .map(group -> new RegexNode(group.getKey(), new RankedCandidates(group.getValue())))
                .toArray(RegexNode[]::new);
        anyPath = new RankedCandidates(groups.getOrDefault(PathMatch.ANY, List.of()));
    }

    /** The most specific route that matches the request, or null. The host is not looked at. */
    @Nullable
    Route match(RequestView request) {
        CharSequence path = request.path();
        int length = path.length();
        PrefixNode longest = rootPrefix;
        int hash = 0;
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            if (c == '/' && i > 0 && i <= longestPrefix) {
                longest = orElse(prefixes.find(path, 0, i, hash), longest);
            }
            hash = CharTable.extend(hash, c);
        }
        if (length <= longestPrefix) {
            longest = orElse(prefixes.find(path, 0, length, hash), longest);
        }
        RankedCandidates whole = exact.find(path, 0, length, hash);
        Route found = whole == null ? null : whole.firstMatch(request);
        return found != null ? found : matchPrefix(longest, request);
    }

    private @Nullable Route matchPrefix(@Nullable PrefixNode longest, RequestView request) {
        for (PrefixNode node = longest; node != null; node = node.shorter) {
            Route found = node.ranked.firstMatch(request);
            if (found != null) {
                return found;
            }
        }
        for (RegexNode node : regexes) {
            if (node.path.matches(request.path())) {
                Route found = node.ranked.firstMatch(request);
                if (found != null) {
                    return found;
                }
            }
        }
        return anyPath.firstMatch(request);
    }

    private static @Nullable PrefixNode orElse(@Nullable PrefixNode node, @Nullable PrefixNode other) {
        return node != null ? node : other;
    }

    /** Shorter prefixes first, so that each finds the one it hangs on. */
    private static Map<String, PrefixNode> nodes(Map<String, RankedCandidates> groups) {
        var nodes = new LinkedHashMap<String, PrefixNode>();
        groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
                .forEach(group ->
                        nodes.put(group.getKey(), new PrefixNode(group.getValue(), shorter(group.getKey(), nodes))));
        return nodes;
    }

    private static @Nullable PrefixNode shorter(String prefix, Map<String, PrefixNode> nodes) {
        for (int slash = prefix.lastIndexOf('/'); slash >= 0; slash = prefix.lastIndexOf('/', slash - 1)) {
            PrefixNode node = nodes.get(prefix.substring(0, slash));
            if (node != null) {
                return node;
            }
        }
        return null;
    }
}
