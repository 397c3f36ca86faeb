package io.turnout.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.adminapi.EndpointStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressBookTest {
    private static final String FILE = Yaml.split(95, 5).replace("127.0.0.1:9011", "backend:9011");

    @TempDir
    Path folder;

    private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
    private RunningControl turnout;

    private static InetAddress ip(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    @BeforeEach
    void start() throws Exception {
        names.put("backend", List.of(ip("::7"), ip("127.0.0.8"), ip("127.0.0.7")));
        turnout = RunningControl.start(folder, FILE, names);
    }

    @AfterEach
    void stop() {
        turnout.close();
    }

    private InetSocketAddress endpoint() {
        return turnout.control
                .published()
                .current()
                .pools()
                .get(1)
                .endpoints()
                .get(0)
                .address();
    }

    private void awaitAddress(String literal) {
        await().untilAsserted(() -> assertThat(endpoint()).isEqualTo(new InetSocketAddress(ip(literal), 9011)));
    }

    /** Lets time pass until the names have been looked up again. */
    private void awaitLookup(Duration time) {
        AtomicInteger lookups = new AtomicInteger();
        turnout.beforeLookup = lookups::incrementAndGet;
        turnout.time.pass(time);
        await().until(() -> lookups.get() > 0);
    }

    @Test
    void takesTheFirstOfTheIPv4AddressesOfAName() throws Exception {
        assertThat(endpoint()).isEqualTo(new InetSocketAddress(ip("127.0.0.7"), 9011));
        assertThat(turnout.control.pools().get(1).endpoints().get(0))
                .returns("backend:9011", EndpointStatus::address)
                .returns("127.0.0.7:9011", EndpointStatus::resolved);
    }

    @Test
    void takesAnIPv6AddressWhereThereIsNoOther() throws Exception {
        names.put("six", List.of(ip("2001:db8::1")));
        turnout.reload(FILE.replace("backend", "six"));
        assertThat(turnout.control.pools().get(1).endpoints().get(0).resolved())
                .isEqualTo("[2001:db8:0:0:0:0:0:1]:9011");
    }

    @Test
    void followsANameThatMoves() throws Exception {
        names.put("backend", List.of(ip("127.0.0.9")));
        turnout.time.pass(AddressBook.REFRESH.minusNanos(1));
        assertThat(turnout.control.generation()).isEqualTo(1);
        turnout.time.pass(Duration.ofNanos(1));
        awaitAddress("127.0.0.9");
        assertThat(turnout.control.generation()).isEqualTo(2);
    }

    @Test
    void staysWithAnAddressThatIsStillAmongTheAnswers() throws Exception {
        names.put("backend", List.of(ip("127.0.0.1"), ip("127.0.0.7")));
        awaitLookup(AddressBook.REFRESH);
        names.put("backend", List.of(ip("127.0.0.2")));
        turnout.time.pass(AddressBook.REFRESH);
        awaitAddress("127.0.0.2");
        assertThat(turnout.control.generation()).as("one move, not two").isEqualTo(2);
    }

    @Test
    void keepsTheLastAddressWhenTheNameIsGone() throws Exception {
        names.remove("backend");
        awaitLookup(AddressBook.REFRESH);
        awaitLookup(AddressBook.RETRY);
        assertThat(endpoint()).isEqualTo(new InetSocketAddress(ip("127.0.0.7"), 9011));
        names.put("backend", List.of());
        awaitLookup(AddressBook.RETRY);
        assertThat(endpoint().isUnresolved()).isFalse();
        names.put("backend", List.of(ip("127.0.0.3")));
        turnout.time.pass(AddressBook.RETRY);
        awaitAddress("127.0.0.3");
    }

    @Test
    void startsWithoutANameThatCannotBeFoundAndFindsItSoon() throws Exception {
        turnout.reload(FILE.replace("backend", "later"));
        assertThat(endpoint().isUnresolved()).isTrue();
        assertThat(turnout.control.pools().get(1).endpoints().get(0).resolved()).isNull();
        names.put("later", List.of(ip("127.0.0.5")));
        turnout.time.pass(AddressBook.RETRY);
        awaitAddress("127.0.0.5");
    }

    private List<String> members() {
        return turnout.control.pools().get(1).endpoints().stream()
                .map(EndpointStatus::address)
                .toList();
    }

    @Test
    void takesEveryAddressOfADnsName() throws Exception {
        turnout.reload(FILE.replace("backend:9011", "dns://backend:9011"));
        assertThat(members()).containsExactly("127.0.0.7:9011", "127.0.0.8:9011", "[::7]:9011");
        assertThat(turnout.control.pools().get(1).usable()).isEqualTo(3);
    }

    @Test
    void followsTheAddressesOfADnsNameAndKeepsTheCountersOfThoseThatStay() throws Exception {
        names.put("backend", List.of(ip("127.0.0.7"), ip("127.0.0.8")));
        turnout.reload(FILE.replace("backend:9011", "dns://backend:9011"));
        await().until(() -> members().size() <= 3);
        var kept = turnout.control
                .published()
                .current()
                .pools()
                .get(1)
                .endpoints()
                .get(0)
                .meter();
        names.put("backend", List.of(ip("127.0.0.9"), ip("127.0.0.7")));
        turnout.time.pass(AddressBook.REFRESH);
        await().untilAsserted(() -> assertThat(members()).containsExactly("127.0.0.7:9011", "127.0.0.9:9011"));
        assertThat(turnout.control
                        .published()
                        .current()
                        .pools()
                        .get(1)
                        .endpoints()
                        .get(0)
                        .meter())
                .isSameAs(kept);
    }

    @Test
    void keepsAllAddressesOfADnsNameThatIsGone() throws Exception {
        turnout.reload(FILE.replace("backend:9011", "dns://backend:9011"));
        names.put("backend", List.of());
        awaitLookup(AddressBook.REFRESH);
        awaitLookup(AddressBook.RETRY);
        assertThat(members()).hasSize(3);
    }

    @Test
    void showsADnsNameWithoutAddressAsUnresolved() {
        turnout.reload(FILE.replace("backend:9011", "dns://nowhere:9011"));
        assertThat(members()).containsExactly("dns://nowhere:9011");
        assertThat(turnout.control.pools().get(1).endpoints().get(0).health().state())
                .isEqualTo(EndpointStatus.Health.UNRESOLVED);
        assertThat(turnout.control.pools().get(1).usable()).isZero();
    }

    @Test
    void knowsAllAddressesOfANameInOrder() throws Exception {
        ResolvedName name = new ResolvedName("backend");
        assertThat(name.addresses()).isEmpty();
        assertThat(name.onAnswer(host -> List.of(ip("::1"), ip("10.0.0.2"), ip("10.0.0.1"), ip("10.0.0.1"))))
                .isTrue();
        assertThat(name.addresses()).containsExactly(ip("10.0.0.1"), ip("10.0.0.2"), ip("::1"));
    }

    @Test
    void doesNotWaitForeverForANameServerThatDoesNotAnswer() {
        turnout.beforeLookup = () -> {
            try {
                Thread.currentThread().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        assertThat(turnout.reload(FILE.replace("backend", "silent")).changed()).isTrue();
        assertThat(endpoint().isUnresolved()).isTrue();
    }
}
