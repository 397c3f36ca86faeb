package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in: hosts, pages and tokens. */
class AdminAccessTest {
    private static final String TOKENS = """
            admin:
              address: 127.0.0.1:0
              allowedHosts: [turnout.internal]
              tokens:
                - {name: grafana, role: viewer, token: view-3b9f7a}
                - {name: release, role: operator, token: operate-77c1d0}
            """;

    @TempDir
    private Path folder;

    private static int status(RunningAdmin admin, String fields) throws Exception {
        return status(admin, "/api/v1/status", fields);
    }

    private static int status(RunningAdmin admin, String path, String fields) throws Exception {
        String answer = RawClient.exchange(
                admin.address(), "GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + fields + "\r\n");
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "LOCALHOST:9900", "[::1]:9900", "127.0.0.9", "turnout.internal:80", "localhost."})
    void hostsThatAreOursAreServed(String host) throws Exception {
        try (var admin = RunningAdmin.in(folder, "admin: {address: 127.0.0.1:0, allowedHosts: [turnout.internal]}")) {
            assertThat(status(admin, "Host: " + host + "\r\n")).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "127.0.0.1.evil.example",
                "10.1.2.3",
                "localhost@evil",
                "",
                "[::2]",
                "turnout.internal"
            })
    void otherHostsAreNotServedSoThatNoNameCanBeBoundToUs(String host) throws Exception {
        try (var admin = RunningAdmin.in(folder)) {
            assertThat(status(admin, "Host: " + host + "\r\n")).isEqualTo(421);
        }
    }

    @Test
    void aRequestWithoutOrWithTwoHostsIsMalformed() throws Exception {
        try (var admin = RunningAdmin.in(folder)) {
            assertThat(status(admin, "")).isEqualTo(400);
            assertThat(status(admin, "Host: localhost\r\nHost: localhost\r\n")).isEqualTo(400);
            assertThat(
                            RawClient.exchange(
                                    admin.address(),
                                    "GET http://evil.example/api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void probesNeedNeitherHostNorToken() throws Exception {
        try (var admin = RunningAdmin.in(folder, TOKENS)) {
            for (String path : List.of("/livez", "/readyz")) {
                assertThat(RawClient.exchange(
                                admin.address(),
                                "GET " + path + " HTTP/1.1\r\nHost: 10.2.3.4:9900\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void pagesOfOtherSitesAreRefusedAndOursAreServed() throws Exception {
        try (var admin = RunningAdmin.in(folder)) {
            String host = "Host: localhost:9900\r\n";
            assertThat(status(admin, host + "Origin: http://evil.example\r\n")).isEqualTo(403);
            assertThat(status(admin, host + "Origin: http://localhost:3000\r\n"))
                    .isEqualTo(403);
            assertThat(status(admin, host + "Origin: null\r\n")).isEqualTo(403);
            assertThat(status(admin, host + "Origin: http://localhost:9900\r\n"))
                    .isEqualTo(200);
            assertThat(status(admin, host + "Origin: https://localhost:9900\r\n"))
                    .isEqualTo(200);
            assertThat(status(admin, host + "Sec-Fetch-Site: cross-site\r\n")).isEqualTo(403);
            assertThat(status(admin, host + "Sec-Fetch-Site: same-site\r\n")).isEqualTo(403);
            assertThat(status(admin, host + "Sec-Fetch-Site: same-origin\r\n")).isEqualTo(200);
            assertThat(status(admin, host + "Sec-Fetch-Site: none\r\n")).isEqualTo(200);
        }
    }

    @Test
    void aLinkElsewhereOpensTheConsoleAndNothingElse() throws Exception {
        String link = "Host: localhost:9900\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n";
        try (var admin = RunningAdmin.in(folder)) {
            assertThat(status(admin, "/", link + "Sec-Fetch-Dest: document\r\n"))
                    .isEqualTo(200);
            assertThat(status(admin, "/", link + "Sec-Fetch-Dest: iframe\r\n")).isEqualTo(403);
            assertThat(status(admin, "/api/v1/status", link + "Sec-Fetch-Dest: document\r\n"))
                    .isEqualTo(403);
        }
    }

    private static HttpRequest.Builder as(String token, HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + token);
    }

    @Test
    void tokensSayWhoMayLookAndWhoMayChange() throws Exception {
        try (var admin = RunningAdmin.in(folder, TOKENS)) {
            HttpRequest.Builder look = admin.request("/api/v1/status").GET();
            HttpRequest.Builder change = admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\":\"green\"}")
                    .header("Turnout-Actor", "somebody else");

            HttpResponse<String> stranger = admin.send(look.copy());
            assertThat(stranger.statusCode()).isEqualTo(401);
            assertThat(stranger.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"turnout\"");
            assertThat(admin.send(as("view-3b9f7", look.copy())).statusCode()).isEqualTo(401);
            assertThat(admin.send(as("view-3b9f7a", look.copy())).statusCode()).isEqualTo(200);
            assertThat(admin.send(as("view-3b9f7a", change.copy())).statusCode())
                    .isEqualTo(403);
            assertThat(admin.send(change.copy()).statusCode()).isEqualTo(401);
            assertThat(admin.control().generation()).isEqualTo(1);

            assertThat(admin.send(as("operate-77c1d0", change.copy())).statusCode())
                    .isEqualTo(200);
            assertThat(admin.control().audit(1).get(0).actor()).isEqualTo("release");
        }
    }

    @Test
    void aPostedConfigurationIsReadForOperatorsOnly() throws Exception {
        try (var admin = RunningAdmin.in(folder, TOKENS)) {
            HttpRequest.Builder check = admin.request("/api/v1/config/check")
                    .POST(HttpRequest.BodyPublishers.ofString(RunningAdmin.CONFIG))
                    .header("Content-Type", "application/yaml");
            assertThat(admin.send(as("view-3b9f7a", check.copy())).statusCode()).isEqualTo(403);
            assertThat(admin.send(as("operate-77c1d0", check.copy())).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void strangersLearnNeitherMetricsNorWhichCallsThereAre() throws Exception {
        try (var admin = RunningAdmin.in(folder, TOKENS)) {
            for (String path : List.of("/metrics", "/api/v1/config", "/api/v1/audit", "/api/v1/nothing", "/x")) {
                assertThat(admin.get(path).statusCode()).as(path).isEqualTo(401);
            }
            // The console has to be there for a token to be entered; it knows nothing of this Turnout.
            HttpResponse<String> page = admin.get("/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).doesNotContain("shop");
        }
    }

    @Test
    void tokensAreNeverShown() throws Exception {
        try (var admin = RunningAdmin.in(folder, TOKENS)) {
            for (String path : List.of("/api/v1/config", "/api/v1/status", "/api/v1/audit", "/metrics", "/")) {
                HttpResponse<String> response =
                        admin.send(as("operate-77c1d0", admin.request(path).GET()));
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).doesNotContain("operate-77c1d0").doesNotContain("view-3b9f7a");
            }
        }
    }
}
