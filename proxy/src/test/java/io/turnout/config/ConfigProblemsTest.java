package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and in which words. */
class ConfigProblemsTest {
    @Test
    void reportsEverythingAtOnceInTheOrderOfTheFile() {
        assertThat(Configs.problems("""
                        listeners:
                          - {name: web, adress: 0.0.0.0:8080, timeouts: {header: 10}}
                        pools:
                          blue: [127.0.0.1:9001, nope]
                          green: {endpoints: [127.0.0.1:9900], balance: leastrequest}
                        routes:
                          - name: shop
                            match: {path: {regex: "a("}}
                            split: {weights: {blue: 95, gren: 5}, key: {cookie: uid, generate: yes}}
                            guard: {stable: blu, latency: {p99: 300}}
                        """))
                .containsExactly(
                        "2:17: error: listeners[0].adress: found the unknown key \"adress\", expected one of name, address,"
                                + " tls, proxyProtocol, trustedProxies, timeouts, paths, limits; did you mean \"address\"?",
                        "2:58: error: listeners[0].timeouts.header: found the number 10, expected a duration with its unit"
                                + " from 100ms to 10m, such as 250ms or 30s",
                        "4:26: error: pools.blue[1]: found \"nope\", expected host:port, [ipv6]:port or dns://name:port",
                        "5:23: error: pools.green.endpoints[0]: found the admin address 127.0.0.1:9900 of this proxy,"
                                + " expected an address of another service",
                        "5:49: error: pools.green.balance: found \"leastrequest\", expected one of leastRequest, roundRobin,"
                                + " ewma; did you mean \"leastRequest\"?",
                        "8:27: error: routes[0].match.path.regex: found \"a(\" (missing closing )), expected a regular"
                                + " expression of RE2",
                        "9:33: error: routes[0].split.weights.gren: found the unknown pool \"gren\", expected a defined pool"
                                + " (blue, green); did you mean \"green\"?",
                        "9:72: error: routes[0].split.key.generate: found \"yes\", expected true or false",
                        "10:21: error: routes[0].guard.stable: found the unknown pool \"blu\", expected a defined pool (blue,"
                                + " green); did you mean \"blue\"?",
                        "10:41: error: routes[0].guard.latency.p99: found the number 300, expected a duration with its unit"
                                + " from 1ms to 4h, such as 250ms or 30s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    split: {blue: 0, green: 0}                          | weights that sum to 0
                    split: {}                                           | no key "weights"
                    split: {blue: "5"}                                  | which this is only without quotes
                    split: {blue: 1.5}                                  | the number 1.5
                    split: {blue: 1000001}                              | expected a whole number from 0 to 1000000
                    split: {blue: 1e3}                                  | the number 1e3
                    split: {blue: 1:30}                                 | found "1:30"
                    split: {wieghts: {blue: 1}}                         | did you mean "weights"?
                    split: {weights: {blue: 1}, variants: {green: {}}}  | which is not in the split
                    split: {weights: {blue: 1}, onEmpty: {pool: gren}}  | did you mean "green"?
                    split: {weights: {blue: 1}, onEmpty: drop}          | expected one of redistribute, fail
                    split: {weights: {blue: 1}, key: {}}                | exactly one of cookie, header, query, clientAddress
                    split: {weights: {blue: 1}, key: {cookie: a, query: b}} | found cookie and query
                    split: {weights: {blue: 1}, key: {clientAddress: false}} | expected true
                    split: {weights: {blue: 1}, key: {header: a, generate: true}} | generate without cookie
                    split: {blue: 1}, match: {host: "a b"}              | expected a host name without port
                    split: {blue: 1}, match: {path: {exact: a}}         | begins with /
                    split: {blue: 1}, match: {path: {prefix: /a/../b}}  | normalisation
                    split: {blue: 1}, match: {path: {exact: "/a?b"}}    | without query
                    split: {blue: 1}, match: {path: /a}                 | a mapping with the keys exact, prefix, regex
                    split: {blue: 1}, match: {method: get}              | in capitals
                    split: {blue: 1}, match: {header: {x: 1}}           | only in quotes: "1"
                    split: {blue: 1}, match: {header: {x: {present: false}}} | expected true
                    split: {blue: 1}, match: {header: {X: a, x: b}}     | whatever its case
                    split: {blue: 1}, match: {headers: {x: a}}          | did you mean "header"?
                    split: {blue: 1}, match: {query: {x: {regex: "*"}}} | regular expression
                    split: {blue: 1}, match: {path: {regex: "((a{100}){100}){100}"}} | less repeated
                    split: {blue: 1}, headers: {request: {set: {Host: a}}} | not about framing
                    split: {blue: 1}, headers: {response: {remove: [content-length]}} | not about framing
                    split: {blue: 1}, headers: {request: {set: {x: "a\\nb"}}} | printable ASCII
                    split: {blue: 1}, rewrite: {prefix: /b}, match: {path: {exact: /a}} | match.path.prefix
                    split: {blue: 1}, timeout: 5                        | a duration with its unit
                    split: {blue: 1}, timeout: 5 s                      | did you mean "5s"?
                    split: {blue: 1}, retry: {budget: 20}               | did you mean "20%"?
                    split: {blue: 1}, mirror: {pool: blue}              | a pool of the split
                    split: {blue: 1}, mirror: {pool: nobody}            | the unknown pool "nobody"
                    split: {blue: 1}, mirror: [{pool: green}, {pool: green}] | a second mirror to "green"
                    split: {blue: 1}, mirror: {pool: green, key: {cookie: uid, generate: true}} | a key that requests bring themselves
                    split: {blue: 1}, mirror: {pool: green, compare: {control: green}} | the mirror's own pool
                    split: {blue: 1, green: 0}, guard: {stable: blue}, rollout: {canary: green, steps: [1%], mirror: {pool: green}} | no mirror of the route to "green" with a compare
                    split: {blue: 1, green: 0}, guard: {stable: blue, differences: {pool: green, variant: green, max: 1%}} | no mirror of the route to "green" with a compare
                    split: {blue: 1, green: 0}, guard: {stable: blue, differences: {pool: green, variant: blue, max: 1%}} | the guard's stable pool
                    split: {blue: 1}, mirror: {pool: green, compare: {ignore: [{regex: "("}]}} | regex
                    split: {blue: 1}, mirror: {percent: 5%}             | no key "pool"
                    split: {blue: 1}, mirror: {pool: green, percent: 101%} | from 0% to 100%
                    split: {blue: 1}, mirror: {pool: green, compare: {ignore: [{pointer: a}]}} | JSON pointer
                    split: {blue: 1}, mirror: {pool: green, compare: {ignore: [{header: a, unordered: true}]}} | beside a pointer
                    split: {blue: 1}, guard: {stable: green}            | which is not in the split
                    split: {blue: 1}, guard: {stable: blue, catastrophe: false} | nothing to judge by
                    split: {blue: 1}, guard: {stable: blue, errorRate: {max: 5}} | did you mean "5%"?
                    split: {blue: 1}, guard: {stable: blue, latency: {p99: 5h}} | from 1ms to 4h
                    split: {blue: 1}, guard: {stable: blue, latency: {p99: 10us}} | from 1ms to 4h
                    split: {blue: 1}, guard: {stable: blue, compare: {to: canary}} | expected one of stable
                    split: {blue: 1, green: 0}, rollout: {canary: green, steps: [1%]} | a rollout without a guard
                    split: {blue: 1}, guard: {stable: blue}, rollout: {canary: green, steps: [1%]} | which is not in the split
                    split: {blue: 1}, guard: {stable: blue}, rollout: {canary: blue, steps: [1%]} | the guard's stable pool
                    split: {blue: 1, green: 0}, guard: {stable: blue}, rollout: {canary: green, steps: []} | an empty list
                    split: {blue: 1, green: 0}, guard: {stable: blue}, rollout: {canary: green, steps: [5%, 5%]} | does not rise
                    split: {blue: 1, green: 0}, guard: {stable: blue}, rollout: {canary: green, steps: [5]} | did you mean "5%"?
                    split: {blue: 1, green: 0}, guard: {stable: blue}, rollout: {canary: green, steps: [5%], gate: {url: "http://localhost:9900/"}} | the admin address
                    split: {blue: 1, green: 0}, guard: {stable: blue}, rollout: {canary: green, steps: [5%], gate: {url: "ftp://a/"}} | an http or https URL
                    split: {blue: 1}, rules: [{name: a, when: {}, pool: blue}, {name: a, when: {}, pool: blue}] | each name once
                    split: {blue: 1}, rules: [{name: a, when: {}, pool: ble}] | did you mean "blue"?
                    split: {blue: 1}, smoke: [{name: a, request: {path: b}}] | begins with /
                    split: {blue: 1}, smoke: [{name: a, request: {path: /b}, expect: {status: 99}}] | from 100 to 599
                    """)
    void refusesInARoute(String keys, String message) {
        assertRefused(Configs.withRoute(keys), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    listeners: []                                              | at least one
                    listeners: [{name: a, address: 70000}]                     | from 0 to 65535
                    listeners: [{name: a, address: 1.2.3:80}]                  | host:port
                    listeners: [{name: a, address: "::1:80"}]                  | host:port
                    listeners: [{name: a, address: 80}, {name: a, address: 81}] | each name once
                    listeners: [{name: a, address: 80}, {name: b, address: 127.0.0.1:80}] | takes already
                    listeners: [{name: a, address: 127.0.0.1:9900}]            | takes already
                    listeners: [{name: a, address: 80, trustedProxies: [10.0.0.1/8]}] | an address block
                    listeners: [{name: a, address: 80, limits: {requestLine: 4KiB}}] | from 8000B
                    listeners: [{name: a, address: 80, limits: {header: 16384}}] | a size with its unit
                    listeners: [{name: a, address: 80, tls: {certificates: [{certificate: /none/c, key: /none/k}]}}] | no such file
                    listeners: [{name: a, address: 80, proxyProtocol: v2}]     | proxyProtocol without trustedProxies
                    pools: {a: {endpoints: [b:80], protocol: h2, proxyProtocol: v1}} | requests of many clients
                    admin: {address: 0.0.0.0:9900}                             | without tokens
                    admin: {address: "[::]:9900", tokens: []}                  | without tokens
                    admin: {tokens: [{name: a, role: root, token: x}]}         | expected one of viewer, operator
                    admin: {address: 10.0.0.1:9001, tokens: [{name: a, role: viewer, token: <redacted>}]} | a redacted secret
                    pools: {}                                                  | an empty mapping
                    pools: {blue: [a:1, a:1], green: [b:1]}                    | a second a:1
                    pools: {blue: [a:0], green: [b:1]}                         | host:port
                    pools: {blue: ["dns://10.0.0.1:80"], green: [b:1]}         | dns://name:port
                    pools: {blue: {endpoints: [a:1], tls: {ca: /none/ca.pem}}, green: [b:1]} | no such file
                    pools: {blue: {endpoints: [a:1], tls: {key: k}}, green: [b:1]} | key without certificate
                    pools: {blue: {endpoints: [a:1], healthCheck: {}}, green: [b:1]} | found none, expected exactly one of path, grpc
                    pools: {blue: {endpoints: [a:1], healthCheck: {grpc: {}}}, green: [b:1]} | healthCheck.grpc of a pool that speaks HTTP/1.1
                    pools: {blue: {endpoints: [a:1], protocol: h2, healthCheck: {grpc: {service: "a b"}}}, green: [b:1]} | the full name of a gRPC service
                    pools: {"a b": [a:1], blue: [a:1], green: [b:1]}           | a name of at most 63
                    pools: {blue: , green: [b:1]}                              | found nothing
                    routes: {}                                                 | a list of at least one
                    routes: [{name: a, split: {blue: 1}}, {name: a, split: {green: 1}}] | each name once
                    workers: -1                                                | from 1 to 1024, or auto
                    transport: kqueue                                          | expected one of auto, epoll, io_uring, nio
                    accessLog: {format: jsn}                                   | did you mean "json"?
                    webhooks: [{name: a, url: "http://127.0.0.1:9900/"}]       | the admin address
                    webhooks: [{name: a, url: "http://u:p@b/"}]                | without user
                    webhooks: [{name: a, url: "http://b/", events: [reverted]}] | did you mean "revert"?
                    """)
    void refusesAtTheTop(String line, String message) {
        assertRefused(Configs.minimalWith(line), message);
    }

    private static void assertRefused(String yaml, String message) {
        assertThat(Configs.read(yaml)).isInstanceOf(ConfigResult.Invalid.class);
        assertThat(Configs.problems(yaml)).anySatisfy(line -> assertThat(line).contains(message));
        assertThat(Configs.read(yaml)).isEqualTo(Configs.read(yaml));
    }

    @Test
    void warnsOfAPoolThatNothingUses() {
        assertThat(Configs.problems(Configs.withRoute("split: {blue: 1}")))
                .containsExactly(
                        "2:33: warning: pools.green: found a pool that no route uses, expected a route that names it");
    }

    @Test
    void doesNotRepeatForEachReferenceThatThePoolsAreMissing() {
        assertThat(Configs.problems(
                        "listeners: [{name: web, address: 80}]\nroutes: [{name: a, split: {blue: 1, green: 1}}]"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("found no key \"pools\""));
    }

    @Test
    void judgesTheRestOfARouteOfWhichAPartIsBroken() {
        assertThat(Configs.problems(Configs.withRoute("split: {blue: 1}, guard: {stable: green, window: 5}, retry: 3")))
                .extracting(line -> line.replaceAll(": found.*", ""))
                .containsExactly(
                        "3:57: error: routes[0].guard.stable",
                        "3:72: error: routes[0].guard.window",
                        "3:83: error: routes[0].retry");
    }

    @Test
    void staysFastOnThousandsOfProblems() {
        String pools =
                IntStream.range(0, 10_000).mapToObj(i -> "pool" + i + ": [h:1]").collect(Collectors.joining(", "));
        String weights =
                IntStream.range(0, 10_000).mapToObj(i -> "pol" + i + ": 1").collect(Collectors.joining(", "));
        List<String> problems = Configs.problems("listeners: [{name: w, address: 80}]\npools: {" + pools
                + "}\nroutes: [{name: a, split: {" + weights + "}}]");
        assertThat(problems).hasSize(10_000);
    }

    @Test
    void staysFastOnThousandsOfListeners() {
        String listeners = IntStream.range(0, 20_000)
                .mapToObj(i -> "{name: l" + i + ", address: h" + i + ":80}")
                .collect(Collectors.joining(", "));
        assertThat(Configs.problems(Configs.minimalWith("listeners: [" + listeners + ", {name: all, address: 80}]")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("0.0.0.0:80, which h0:80 at"));
    }
}
