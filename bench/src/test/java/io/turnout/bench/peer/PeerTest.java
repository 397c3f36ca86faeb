package io.turnout.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnout.bench.machine.Refusal;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final Path FOLDER = Path.of("/tmp/bench-test");
    private static final JavaStart JAVA = JavaStart.likeOurs(List.of());

    private static PeerSetup plain() {
        return new PeerSetup(
                FOLDER, 8080, 9900, List.of(new PeerSetup.Pool("blue", 9001, 1)), PeerSetup.Watch.OFF, JAVA);
    }

    private static PeerSetup split() {
        return new PeerSetup(
                FOLDER,
                8080,
                9900,
                List.of(new PeerSetup.Pool("blue", 9001, 90), new PeerSetup.Pool("green", 9002, 10)),
                PeerSetup.Watch.GUARD,
                JAVA);
    }

    @Test
    void writesATurnoutFileThatTurnoutAccepts() {
        TurnoutPeer turnout =
                new TurnoutPeer(Path.of("turnout.jar"), "turnout", "epoll", TurnoutPeer.Guarding.AS_ASKED);

        for (PeerSetup setup : List.of(plain(), split(), split().weighed(80, 20))) {
            ConfigResult result = ConfigReader.read("turnout.yaml", turnout.config(setup), name -> null, null);
            assertThat(result.problems()).isEmpty();
            assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        }
        assertThat(turnout.config(split())).contains("weights: {blue: 90, green: 10}", "stable: blue");
    }

    @Test
    void givesTheOthersTheSameSplit() {
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
