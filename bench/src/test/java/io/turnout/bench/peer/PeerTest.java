package io.turnout.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.bench.machine.Refusal;
import io.turnout.bench.wire.Dialect;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTest {
    private static final Path FOLDER = Path.of("/tmp/bench-test");
    private static final JavaStart JAVA = JavaStart.likeOurs(List.of());

    private static final PeerSetup.Ports PORTS = new PeerSetup.Ports(8080, 8443, 9900);

    private static PeerSetup plain() {
        return linked(FOLDER, Link.PLAIN);
    }

    private static PeerSetup linked(Path folder, Link link) {
        return new PeerSetup(
                folder, PORTS, List.of(new PeerSetup.Pool("blue", 9001, 1)), PeerSetup.Watch.OFF, link, JAVA);
    }

    private static PeerSetup split() {
        return new PeerSetup(
                FOLDER,
                PORTS,
                List.of(new PeerSetup.Pool("blue", 9001, 90), new PeerSetup.Pool("green", 9002, 10)),
                PeerSetup.Watch.GUARD,
                Link.PLAIN,
                JAVA);
    }

    @Test
    void writesATurnoutFileThatTurnoutAccepts() throws IOException {
        TurnoutPeer turnout =
                new TurnoutPeer(Path.of("turnout.jar"), "turnout", "epoll", TurnoutPeer.Guarding.AS_ASKED);

        PeerSetup copied = split().copiedTo(new PeerSetup.Pool("shadow", 9003, 1));
        for (PeerSetup setup : List.of(plain(), split(), split().weighed(80, 20), copied)) {
            ConfigResult result = ConfigReader.read("turnout.yaml", turnout.config(setup), name -> null, null);
            assertThat(result.problems()).isEmpty();
            assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        }
        assertThat(turnout.config(split())).contains("weights: {blue: 90, green: 10}", "stable: blue");
        assertThat(turnout.config(copied)).contains("mirror: {pool: shadow, unsafeMethods: true");
    }

    @Test
    void givesTheOthersTheSameSplit() throws IOException {
        assertThat(HaproxyPeer.config(split()))
                .contains("use_backend green if { rand(100) lt 10 }", "default_backend blue", "http-reuse always");
        assertThat(HaproxyPeer.config(plain())).doesNotContain("use_backend");
        assertThat(NginxPeer.config(split())).contains("10% green;", "* blue;", "proxy_pass http://$variant;");
        assertThat(NginxPeer.config(plain()))
                .contains("proxy_pass http://blue;")
                .doesNotContain("split_clients");
        assertThat(NginxPeer.config(split().weighed(80, 20))).contains("20% green;");
    }

    @Test
    void opensAPortOfItsOwnForWhatElseIsSpoken(@TempDir Path folder) throws IOException {
        TurnoutPeer turnout =
                new TurnoutPeer(Path.of("turnout.jar"), "turnout", "epoll", TurnoutPeer.Guarding.AS_ASKED);

        for (Dialect dialect : Dialect.values()) {
            PeerSetup setup = linked(folder, Link.down(dialect));
            String config = turnout.config(setup);
            assertThat(ConfigReader.read("turnout.yaml", config, name -> null, null)
                            .problems())
                    .isEmpty();
            for (String text : List.of(config, HaproxyPeer.config(setup), NginxPeer.config(setup))) {
                assertThat(text).contains("127.0.0.1:8080");
                assertThat(text.contains("127.0.0.1:8443")).isEqualTo(dialect != Dialect.H1);
                assertThat(text.contains("tls")).isEqualTo(dialect.isTls());
            }
        }
    }

    @Test
    void speaksHttp2WithBackendsWhereItCan() throws IOException {
        Link link = new Link("", Dialect.H1, Dialect.H2C, 2);

        assertThat(HaproxyPeer.config(linked(FOLDER, link))).contains("proto h2", "nbthread 2");
        assertThat(new NginxPeer().refusal(link)).contains("speaks no HTTP/2 with backends");
        assertThat(new JvmPeer(FOLDER, "undertow", "UndertowProxy", "undertow-core").refusal(link))
                .isPresent();
        assertThat(new HaproxyPeer().refusal(link)).isEmpty();
    }

    @Test
    void startsJavaAsTheScriptOfTheProductDoes() throws IOException {
        String script = Files.readString(Path.of(System.getProperty("turnout.root"), "turnout"));

        for (int major : new int[] {17, 24, 25}) {
            JavaStart start = new JavaStart(Path.of("java"), major, JAVA.heap(), List.of());
            assertThat(start.flags()).allSatisfy(flag -> assertThat(script).contains(flag));
        }
    }

    @Test
    void addsUpTheGenerationsOfAHeap() {
        String info = """
                4711:
                 DefNew     total 19712K, used 512K [0x0, 0x0, 0x0)
                  eden space 17536K,   3% used [0x0, 0x0, 0x0)
                 Tenured    total 43712K, used 3072K [0x0, 0x0, 0x0)
                 Metaspace       used 9000K, committed 9344K, reserved 1114112K
                """;

        assertThat(PeerProcess.usedHeapKib(info)).isEqualTo(3584);
    }

    @Test
    void tellsPeersOnTheJvmTheirPools() {
        assertThat(JvmPeer.arguments(plain())).containsExactly("8080", "9001", "1");
        assertThat(JvmPeer.arguments(split())).containsExactly("8080", "9001", "90", "9002", "10");
    }

    @Test
    void refusesAJvmPeerThatIsNotBuilt() {
        assertThatThrownBy(() -> new JvmPeer(FOLDER, "undertow", "UndertowProxy", "undertow-core").version())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("mvn -q -f bench/peers package");
    }

    @Test
    void refusesAPeerThatThereIsNot() {
        assertThatThrownBy(() -> new Peers(Path.of("x.jar"), Path.of("peers")).named(List.of("nginx", "squid")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("squid")
                .hasMessageContaining("haproxy, nginx, turnout");
    }
}
