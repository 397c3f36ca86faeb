package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the index with a search that looks at every route and ranks all that match. */
class RoutePrecedenceOracleTest {
    /** The places that a described request can fill. */
    private static final FieldMatch.Place[] DESCRIBED = {
        FieldMatch.Place.HEADER, FieldMatch.Place.COOKIE, FieldMatch.Place.QUERY
    };

    private static final String[] HOSTS = {"a.b.c", "x.a.b.c", "b.c", "c", "y.b.c", "*.b.c", "*.c", "*.a.b.c", "*"};
    private static final String[] SEGMENTS = {"s", "st", "t", "s-t"};
    private static final String[] REGEXES = {"/s.*", "/.*/t", "/st|/s", "/[st]/[^/]+"};
    private static final String[] METHODS = {"GET", "PUT", "POST"};

    /** A route under one host, as the oracle ranks it. */
    private record Match(RouteSpec spec, int place, int hostRank, int pathRank, int pathDetail) {
        static final Comparator<Match> PRECEDENCE = Comparator.comparingInt(Match::hostRank)
                .thenComparingInt(Match::pathRank)
                .thenComparingInt(Match::pathDetail)
                .thenComparing(match -> match.spec.when().methods().isEmpty())
                .thenComparingInt(match -> -count(match.spec, false))
                .thenComparingInt(match -> -count(match.spec, true))
                .thenComparingInt(Match::place);

        private static int count(RouteSpec spec, boolean query) {
            return (int) spec.when().fields().stream()
                    .filter(field -> (field.place() == FieldMatch.Place.QUERY) == query)
                    .count();
        }
    }

    @Test
    void findsTheRouteThatRanksFirstAmongAllThatMatch() {
        Seeded.check(400, random -> {
            List<RouteSpec> specs = randomSpecs(random);
            RouteTable table = RouteTable.of(specs);
            for (int i = 0; i < 100; i++) {
                DescribedRequest request = randomRequest(random);
                Route found = table.match(request);
                assertThat(found == null ? null : found.name())
                        .as("%s %s%s of %s", request.method(), request.host(), request.path(), specs)
                        .isEqualTo(best(specs, request));
            }
        });
    }

    @Test
    void explainsTheSameChoice() {
        Seeded.check(100, random -> {
            List<RouteSpec> specs = randomSpecs(random);
            RouteTable table = RouteTable.of(specs);
            for (int i = 0; i < 20; i++) {
                DescribedRequest request = randomRequest(random);
                Explanation explanation = table.explain(request, Samples.MINT, 0);
                Explanation.Choice choice = explanation.choice();
                assertThat(choice == null ? null : choice.route()).isEqualTo(best(specs, request));
                for (int place = 0; place < specs.size(); place++) {
                    boolean matches = matches(specs, place, request).findAny().isPresent();
                    assertThat(explanation.routes().get(place).fate() != Explanation.Fate.NO_MATCH)
                            .isEqualTo(matches);
                }
            }
        });
    }

    private static @Nullable String best(List<RouteSpec> specs, DescribedRequest request) {
        var matches = new ArrayList<Match>();
        for (int place = 0; place < specs.size(); place++) {
            matches(specs, place, request).forEach(matches::add);
        }
        return matches.stream()
                .min(Match.PRECEDENCE)
                .map(match -> match.spec.name())
                .orElse(null);
    }

    private static Stream<Match> matches(List<RouteSpec> specs, int place, DescribedRequest request) {
        RouteSpec spec = specs.get(place);
        List<String> hosts = spec.hosts().isEmpty() ? List.of("*") : spec.hosts();
        if (!fieldsMatch(spec.when(), request)) {
            return Stream.empty();
        }
        return hosts.stream()
                .filter(host -> hostMatches(host, request.host()))
                .map(host -> match(specs, place, host, request.path()))
                .filter(match -> match.pathRank >= 0);
    }

    private static Match match(List<RouteSpec> specs, int place, String host, String path) {
        int hostRank = host.equals("*") ? 1_000 : host.startsWith("*") ? 500 - host.length() : 0;
        PathMatch wanted = specs.get(place).when().path();
        int pathRank = -1;
        int detail = 0;
        if (wanted instanceof PathMatch.Exact exact && exact.path().equals(path)) {
            pathRank = 0;
        } else if (wanted instanceof PathMatch.Prefix prefix && (path + "/").startsWith(prefix.path() + "/")) {
            pathRank = 1;
            detail = -prefix.path().length();
        } else if (wanted instanceof PathMatch.Regex regex
                && path.matches(regex.pattern().pattern())) {
            pathRank = 2;
            detail = firstWith(regex, specs, host);
        } else if (wanted instanceof PathMatch.Any) {
            pathRank = 3;
        }
        return new Match(specs.get(place), place, hostRank, pathRank, detail);
    }

    private static int firstWith(PathMatch.Regex regex, List<RouteSpec> specs, String host) {
        int place = 0;
        while (!specs.get(place).when().path().equals(regex) || !isUnder(host, specs.get(place))) {
            place++;
        }
        return place;
    }

    private static boolean isUnder(String host, RouteSpec spec) {
        return spec.hosts().isEmpty() ? host.equals("*") : spec.hosts().contains(host);
    }

    private static boolean hostMatches(String wanted, String host) {
        if (wanted.equals("*")) {
            return true;
        }
        return wanted.startsWith("*") ? host.matches(".+\\Q" + wanted.substring(1) + "\\E") : wanted.equals(host);
    }

    private static boolean fieldsMatch(Conditions when, DescribedRequest request) {
        boolean method = when.methods().isEmpty() || when.methods().contains(request.method());
        return method && when.fields().stream().allMatch(field -> fieldMatches(field, request));
    }

    private static boolean fieldMatches(FieldMatch field, DescribedRequest request) {
        String wanted = ((ValueMatch.Exact) field.value()).value();
        String cookies = request.header("cookie");
        return switch (field.place()) {
            case HEADER -> wanted.equals(request.header(field.name()));
            case COOKIE -> cookies != null && Arrays.asList(cookies.split("; ")).contains(field.name() + "=" + wanted);
            case QUERY -> Arrays.asList(request.query().split("&")).contains(field.name() + "=" + wanted);
            case CERTIFICATE ->
                request.clientCertificate(CertificatePart.valueOf(field.name())).contains(wanted);
        };
    }

    private static List<RouteSpec> randomSpecs(SplittableRandom random) {
        var specs = new ArrayList<RouteSpec>();
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            var hosts = new ArrayList<String>();
            for (int h = random.nextInt(3); h > 0; h--) {
                hosts.add(any(HOSTS, random));
            }
            var conditions = new Conditions(randomPath(random), randomMethods(random), randomFields(random));
            specs.add(Samples.route("r" + i, hosts, conditions));
        }
        return specs;
    }

    private static PathMatch randomPath(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> Samples.exact(path(random));
            case 1, 2 -> Samples.prefix(path(random));
            case 3 -> Samples.regex(any(REGEXES, random));
            default -> PathMatch.ANY;
        };
    }

    private static List<String> randomMethods(SplittableRandom random) {
        return random.nextInt(3) > 0 ? List.of() : List.of(any(METHODS, random), any(METHODS, random));
    }

    private static List<FieldMatch> randomFields(SplittableRandom random) {
        var fields = new ArrayList<FieldMatch>();
        for (int i = random.nextInt(3); i > 0; i--) {
            var place = any(DESCRIBED, random);
            fields.add(new FieldMatch(place, "f" + random.nextInt(2), new ValueMatch.Exact("" + random.nextInt(2))));
        }
        return fields;
    }

    private static DescribedRequest randomRequest(SplittableRandom random) {
        String query = "f0=" + random.nextInt(2) + (random.nextBoolean() ? "&f1=" + random.nextInt(2) : "");
        var request = DescribedRequest.of(any(METHODS, random), HOSTS[random.nextInt(5)], path(random) + "?" + query);
        for (int i = 0; i < 2; i++) {
            if (random.nextBoolean()) {
                request = request.with("F" + i, "" + random.nextInt(2));
            }
        }
        return random.nextBoolean() ? request : request.with("cookie", "f0=" + random.nextInt(2) + "; f1=1");
    }

    private static String path(SplittableRandom random) {
        var path = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(any(SEGMENTS, random));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private static <T> T any(T[] choices, SplittableRandom random) {
        return choices[random.nextInt(choices.length)];
    }
}
