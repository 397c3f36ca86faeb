package io.turnout.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.admin.RunningAdmin;
import io.turnout.adminapi.RouteStatus;
import io.turnout.model.Outcome;
import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.Weight;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Every client command against a real admin listener. */
class ClientCommandsTest {
    @TempDir
    private Path folder;

    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = RunningAdmin.in(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private Typed type(String... arguments) {
        String[] all = Stream.concat(Arrays.stream(arguments), Stream.of("--admin", admin.url()))
                .toArray(String[]::new);
        return Typed.run(all);
    }

    private RouteStatus shop() {
        return requireNonNull(admin.control().route("shop"));
    }

    private void assertDone(Typed typed) {
        assertThat(typed.err()).isEmpty();
        assertThat(typed.exitCode()).isEqualTo(ExitCode.OK);
    }

    private static void assertRefused(Typed typed, int exitCode, String... said) {
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(exitCode);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err()).contains(said);
    }

    @Test
    void statusTellsOfCertificatesAndWhenTheyEnd() {
        Typed typed = type("status");

        assertDone(typed);
        assertThat(typed.out())
                .containsPattern("(?m)^ {2}OWNER +EXPIRES +NAMES$")
                .containsPattern("(?m)^ {2}listener secure +20\\d\\d-\\d\\d-\\d\\dT\\S+Z +shop.example.com$")
                .containsPattern("(?m)^ {2}pool spare +- +-$");
    }

    @Test
    void switchMovesAllTrafficAndSaysSo() {
        Typed typed = type("switch", "shop", "green", "--reason", "release 2.4");

        assertDone(typed);
        assertThat(typed.out()).contains("green", "(generation 2)");
        assertThat(shop().weights()).containsEntry("blue", 0);
        var entry = admin.control().audit(1).get(0);
        assertThat(entry.source()).isEqualTo("cli");
        assertThat(entry.reason()).isEqualTo("release 2.4");
        assertThat(entry.actor()).isEqualTo(System.getProperty("user.name"));
        assertThat(type("switch", "shop", "green").out()).contains("nothing to do, generation 2");
    }

    @Test
    void weightsAreSetWithATimeToLive() {
        assertDone(type("weights", "shop", "blue=60", "green=40", "--ttl", "30m"));

        assertThat(shop().weights()).containsEntry("green", 40);
        assertThat(requireNonNull(shop().override()).ttlSeconds()).isPositive();
    }

    @Test
    void overrideClearPutsTheFileInForce() {
        type("switch", "shop", "green");

        assertDone(type("override", "clear", "shop"));

        assertThat(shop().override()).isNull();
    }

    @Test
    void endpointsAreDrainedAndResumed() {
        assertDone(type("drain", "--listener", "web"));
        assertThat(type("status").out()).contains("DRAINED, takes no connections: listener web");
        assertDone(type("resume", "--listener", "web"));
        assertDone(type("drain", "blue", "127.0.0.1:9001", "-r", "disk"));
        assertThat(type("status").out()).containsPattern("127.0.0.1:9001 +drained");
        assertDone(type("resume", "blue", "127.0.0.1:9001"));
        assertThat(type("status").out()).containsPattern("127.0.0.1:9001 +active");
    }

    @Test
    void statusShowsTheSplitInAlignedColumns() {
        VariantMeter.Cell cell = admin.control()
                .published()
                .current()
                .routes()
                .get(0)
                .targets()
                .get(0)
                .meter()
                .cell(0);
        cell.onStarted(Weight.EVIDENCE);
        cell.onFinished(Weight.EVIDENCE, Outcome.SUCCESS, 200, 1_000, 20_000);

        Typed typed = type("status");

        assertDone(typed);
        assertThat(typed.out())
                .startsWith("generation 1, up since ")
                .contains("turnout.yaml (sha256 ", "route shop", "pool blue")
                .containsPattern("blue +95 +95\\.00 % +95\\.00 % +\\d+\\.\\d +1 +0 +20\\.\\d +20\\.\\d +20\\.\\d")
                .containsPattern("green +5 +5\\.00 % +5\\.00 % .* - +- +-")
                .doesNotContain("OVERRIDE", "\u001b");
        String table =
                typed.out().substring(typed.out().indexOf("  POOL"), typed.out().indexOf("\n\nroute spare"));
        assertThat(table.lines().map(String::length)).hasSize(3).containsOnly(table.indexOf('\n'));
    }

    @Test
    void statusShowsOverrideAndRefusedReloadAndNoControlCharacters() throws Exception {
        type("weights", "shop", "blue=1", "green=1", "--ttl", "2h", "--reason", "a\u001b[2Jb");
        Files.writeString(admin.file, "x: 1\n");
        type("reload");

        String out = type("status").out();

        assertThat(out)
                .contains("OVERRIDE (weights) by ", " via cli since ", "ends in 1h 59m", ": a?[2Jb")
                .contains("LAST RELOAD REFUSED at ", "turnout.yaml:1:1: error: ")
                .containsPattern("blue +1 +50\\.00 % +95\\.00 %")
                .doesNotContain("\u001b");
    }

    @Test
    void explainSaysWhereARequestGoes() {
        Typed forced = type("explain", "-H", "x-canary: always", "http://shop.example.com/cart?x=1#part");
        Typed drawn =
                type("explain", "-X", "POST", "--client-address", "203.0.113.9", "-H", "Host: shop.example.com", "/");
        Typed none = type("explain", "http://other.example.com");

        assertDone(forced);
        assertThat(forced.out())
                .containsSubsequence("route   shop", "pool    green", "reason  forced", "rule    testers holds");
        assertThat(drawn.out())
                .contains("pool    drawn by weight", "reason  weighted", "share   blue 95.00 % (weight 95)");
        assertThat(none.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(none.out()).contains("route   none").containsPattern("shop +no match");
        assertRefused(type("explain", "shop.example.com"), ExitCode.USAGE, "shop.example.com", "http://");
        assertRefused(type("explain", "-H", "x", "/"), ExitCode.USAGE, "-H \"x\"");
    }

    @Test
    void auditVerifySaysWhetherTheChainHolds() throws Exception {
        assertDone(type("switch", "shop", "green", "--reason", "release"));
        Path state = folder.resolve(".turnout");

        Typed good = Typed.run("audit", "verify", state.toString());
        assertDone(good);
        assertThat(good.out()).contains("2 entries, the chain holds", "newest hash ");
        String hash = requireNonNull(admin.control().audit(1).get(0).hash());
        assertThat(good.out()).contains(hash);
        assertThat(type("audit", "--long", "-n", "1").out()).contains("reason    release", "from 127.0.0.1", hash);

        Path file = state.resolve("audit.jsonl");
        Files.writeString(file, Files.readString(file).replace("release", "nothing"));
        Typed bad = Typed.run("audit", "verify", state.toString(), "--expect", "00");
        assertThat(bad.exitCode()).isEqualTo(ExitCode.NEGATIVE);
        assertThat(bad.out())
                .contains("BROKEN  audit.jsonl:2: an entry that was changed", "BROKEN  no entry has the hash 00");
        assertRefused(
                Typed.run("audit", "verify", folder.resolve("none").toString()), ExitCode.INVALID_CONFIG, "no audit");
    }

    @Test
    void auditShowsTheNewestFirst() {
        type("switch", "shop", "green", "--reason", "one");
        type("switch", "shop", "blue", "--reason", "two");

        Typed typed = type("audit", "-n", "2");

        assertDone(typed);
        assertThat(typed.out().lines()).hasSize(3);
        assertThat(typed.out()).startsWith("TIME").containsSubsequence("two", "one");
        assertRefused(type("audit", "-n", "0"), ExitCode.USAGE, "--limit", "1 to 1000");
    }

    @Test
    void reloadAppliesTheFileAndExitsWithThreeWhenItIsWrong() throws Exception {
        Files.writeString(admin.file, RunningAdmin.CONFIG.replace("blue: 95", "blue: 50"));
        assertDone(type("reload"));
        assertThat(shop().weights()).containsEntry("blue", 50);

        Files.writeString(admin.file, "x: 1\n");
        assertRefused(type("reload"), ExitCode.INVALID_CONFIG, "not in force", "turnout.yaml:1:1: error:");
        Files.delete(admin.file);
        assertRefused(type("reload"), ExitCode.INVALID_CONFIG, "cannot be read");
    }

    @Test
    void whatIsRefusedIsSaidOnTheErrorStreamWithFoundAndExpected() {
        assertRefused(type("switch", "shoop", "green"), ExitCode.NEGATIVE, "There is no such route", "shoop", "shop");
        assertRefused(type("weights", "shop", "blue=0"), ExitCode.NEGATIVE, "not valid", "expected");
        assertRefused(type("weights", "shop", "blue"), ExitCode.USAGE, "\"blue\"", "POOL=WEIGHT");
        assertRefused(type("weights", "shop", "blue=1", "blue=2"), ExitCode.USAGE, "two weights of blue");
        assertRefused(type("switch", "shop"), ExitCode.USAGE, "POOL", "Usage:");
        assertRefused(type("nonsense"), ExitCode.USAGE, "nonsense");
    }

    @Test
    void aStateThatIsNotTheExpectedOneIsAConflict() {
        assertDone(type("switch", "shop", "green", "--if-generation", "1"));
        assertRefused(type("switch", "shop", "blue", "--if-generation", "1"), ExitCode.CONFLICT, "changed");
        type("drain", "blue", "127.0.0.1:9001");
        type("drain", "blue", "127.0.0.1:9002");
        assertRefused(type("switch", "shop", "blue"), ExitCode.CONFLICT, "not allowed");
        assertDone(type("switch", "shop", "blue", "--force"));
    }

    @Test
    void jsonIsTheAnswerOfTheApi() throws Exception {
        var json = new JsonMapper();
        assertThat(json.readTree(type("status", "-o", "json").out())
                        .at("/routes/0/name")
                        .asString())
                .isEqualTo("shop");
        assertThat(json.readTree(type("switch", "shop", "green", "-o", "json").out())
                        .get("generation")
                        .asLong())
                .isEqualTo(2);
        assertThat(json.readTree(type("audit", "-o", "json").out()).isArray()).isTrue();
        assertThat(json.readTree(type("explain", "-o", "json", "/").out()).has("routes"))
                .isTrue();
        Typed refused = type("switch", "shoop", "green", "-o", "json");
        assertThat(json.readTree(refused.err()).get("status").asInt()).isEqualTo(404);
        assertThat(refused.exitCode()).isEqualTo(ExitCode.NEGATIVE);
    }

    @Test
    void tokensAreSentFromOptionOrFile() throws Exception {
        String tokens = "admin: {address: 127.0.0.1:0, tokens: [{name: ci, role: operator, token: operate-77c1d0}]}\n";
        Path file = Files.writeString(folder.resolve("token"), "operate-77c1d0\n");
        try (var guarded = RunningAdmin.in(Files.createDirectory(folder.resolve("guarded")), tokens)) {
            assertRefused(Typed.run("status", "--admin", guarded.url()), ExitCode.NEGATIVE, "A token is needed");
            assertDone(Typed.run("status", "--admin", guarded.url(), "--token", "operate-77c1d0"));
            assertDone(Typed.run(
                    "switch", "shop", "green", "--admin", guarded.url() + "/", "--token-file", file.toString()));
            assertThat(guarded.control().audit(1).get(0).actor()).isEqualTo("ci");
            assertRefused(
                    Typed.run("status", "--admin", guarded.url(), "--token-file", folder + "/none"),
                    ExitCode.USAGE,
                    "--token-file: cannot read");
        }
    }

    @Test
    void anAdminApiThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertRefused(
                Typed.run("status", "--admin", "http://127.0.0.1:" + free),
                ExitCode.UNREACHABLE,
                "cannot reach the admin API at http://127.0.0.1:" + free,
                "--admin");
        assertRefused(Typed.run("status", "--admin", "ftp://x"), ExitCode.USAGE, "--admin", "ftp://x");
    }
}
