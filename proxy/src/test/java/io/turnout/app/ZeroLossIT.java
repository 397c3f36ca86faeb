package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.Nginx;
import io.turnout.testing.RawClient;
import io.turnout.testing.RawServer;
import io.turnout.testing.SteadyLoad;
import io.turnout.testing.SteadyLoad.Report;
import io.turnout.testing.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under a steady load from another process, whatever an operator does costs no request. */
class ZeroLossIT {
    @TempDir
    Path folder;

    private RawServer blue;
    private RawServer green;
    private int port;
    private int adminPort;

    @BeforeEach
    void start() throws IOException {
        blue = RawServer.saying("blue");
        green = RawServer.saying("green");
        port = Nginx.freePort();
        adminPort = Nginx.freePort();
    }

    @AfterEach
    void stop() {
        blue.close();
        green.close();
    }

    private String yaml(int blueWeight, int greenWeight) {
        return "listeners: [{name: web, address: 127.0.0.1:" + port + "}]\nadmin: {address: 127.0.0.1:" + adminPort
                + "}\nworkers: 2\npools:\n  blue: [127.0.0.1:" + blue.port() + "]\n  green: [127.0.0.1:" + green.port()
                + "]\nroutes:\n  - {name: shop, split: {blue: " + blueWeight + ", green: " + greenWeight + "}}\n";
    }

    private static void assertNothingLost(Report report) {
        assertThat(report.failures()).isEmpty();
        assertThat(report.failed()).isZero();
        assertThat(report.answered()).isPositive();
    }

    @Test
    void fiftySwitchesAreEachInForceForTheNextRequestOnEveryConnection() throws IOException {
        Path config = Files.writeString(folder.resolve("turnout.yaml"), yaml(1, 0));
        try (TurnoutProcess turnout = TurnoutProcess.start(config, adminPort);
                SteadyLoad load = SteadyLoad.start(port, 8, 1000)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                clients.add(RawClient.connect(port));
                assertThat(clients.get(i).get("/").text()).isEqualTo("blue");
            }
            for (int i = 0; i < 50; i++) {
                String side = i % 2 == 0 ? "green" : "blue";
                turnout.switchTo("shop", side);
                for (RawClient client : clients) {
                    assertThat(client.get("/").text()).isEqualTo(side);
                }
            }
            clients.forEach(RawClient::close);
            Report report = load.stop();
            assertNothingLost(report);
            assertThat(report.answers()).containsOnlyKeys("blue", "green");
        }
    }

    @Test
    void fiftyReloadsByEditorsOfEveryKind() throws IOException {
        Path real = Files.createDirectories(folder.resolve("v0")).resolve("turnout.yaml");
        Files.writeString(real, yaml(1, 0));
        Path link = folder.resolve("current");
        Files.createSymbolicLink(link, Path.of("v0"));
        Path config = link.resolve("turnout.yaml");
        try (TurnoutProcess turnout = TurnoutProcess.start(config, adminPort);
                SteadyLoad load = SteadyLoad.start(port, 8, 1000);
                RawClient client = RawClient.connect(port)) {
            for (int i = 1; i <= 50; i++) {
                boolean toGreen = i % 2 == 1;
                edit(i, link, toGreen ? yaml(0, 1) : yaml(1, 0));
                String side = toGreen ? "green" : "blue";
                Awaitility.await("reload " + i + "\n" + turnout.log())
                        .pollInterval(5, TimeUnit.MILLISECONDS)
                        .until(() -> client.get("/").text().equals(side));
            }
            assertNothingLost(load.stop());
        }
    }

    /** In place, by a rename over the file, and by swapping the link in front of its folder, in turn. */
    private void edit(int number, Path link, String yaml) throws IOException {
        Path config = link.resolve("turnout.yaml");
        switch (number % 3) {
            case 0 -> Files.writeString(config, yaml);
            case 1 -> {
                Path beside = config.resolveSibling(".turnout.yaml.swp");
                Files.writeString(beside, yaml);
                Files.move(beside, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            default -> {
                Path next = Files.createDirectories(folder.resolve("v" + number));
                Files.writeString(next.resolve("turnout.yaml"), yaml);
                Path fresh = folder.resolve("current.new");
                Files.createSymbolicLink(fresh, Path.of("v" + number));
                Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void tenKillsOfOneEndpointOfTwo() throws IOException {
        RawServer one = RawServer.saying("one");
        int flaky = one.port();
        Path config = Files.writeString(
                folder.resolve("turnout.yaml"),
                "listeners: [{name: web, address: 127.0.0.1:" + port + "}]\nadmin: {address: 127.0.0.1:" + adminPort
                        + "}\nworkers: 2\npools:\n  both: {endpoints: [127.0.0.1:" + flaky + ", 127.0.0.1:"
                        + blue.port()
                        + "], outlier: {ejectFor: 100ms}}\nroutes:\n  - {name: shop, split: {both: 1}}\n");
        try (TurnoutProcess turnout = TurnoutProcess.start(config, adminPort);
                SteadyLoad load = SteadyLoad.start(port, 8, 1000)) {
            for (int i = 0; i < 10; i++) {
                RawServer victim = one;
                Awaitility.await("it serves\n" + turnout.log())
                        .atMost(60, TimeUnit.SECONDS)
                        .until(() -> victim.heads().size() > 20);
                one.close();
                int before = blue.heads().size();
                Awaitility.await().until(() -> blue.heads().size() > before + 100);
                one = RawServer.startAt(flaky, connection -> {
                    while (!connection.readHead().isEmpty()) {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
                    }
                });
            }
            assertNothingLost(load.stop());
        } finally {
            one.close();
        }
    }

    @Test
    void aRestartKeepsTheStateAndFailsNoRequestItHasTaken() throws IOException {
        Path config = Files.writeString(folder.resolve("turnout.yaml"), yaml(1, 0));
        try (SteadyLoad load = SteadyLoad.start(port, 8, 1000)) {
            try (TurnoutProcess first = TurnoutProcess.start(config, adminPort)) {
                first.switchTo("shop", "green");
                int before = green.heads().size();
                Awaitility.await().until(() -> green.heads().size() > before + 500);
                first.terminate();
                assertThat(first.log()).contains("every exchange was finished");
            }
            int blueBefore = blue.heads().size();
            try (TurnoutProcess second = TurnoutProcess.start(config, adminPort)) {
                int before = green.heads().size();
                Awaitility.await().until(() -> green.heads().size() > before + 500);
                assertThat(second.call("GET", "/api/v1/routes/shop", "").body()).contains("\"green\":100");
                Report report = load.stop();
                assertNothingLost(report);
                assertThat(blue.heads()).hasSize(blueBefore);
            }
        }
    }

    @Test
    void saysInOneLineThatAPortIsTaken() throws IOException {
        Path config = Files.writeString(folder.resolve("turnout.yaml"), yaml(1, 0));
        try (java.net.ServerSocket taken =
                        new java.net.ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress());
                TurnoutProcess turnout = TurnoutProcess.launch(config, adminPort)) {
            assertThat(turnout.awaitExit()).isEqualTo(1);
            assertThat(turnout.log())
                    .contains("turnout: listener web cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the address is already in use by another process\n");
        }
    }

    @Test
    void refusesAWrongFileAtTheStartWithAllItsProblemsAndExitCodeThree() throws IOException {
        Path config = Files.writeString(
                folder.resolve("turnout.yaml"),
                yaml(1, 0).replace("workers", "wrokers").replace("split", "spilt"));
        try (TurnoutProcess turnout = TurnoutProcess.launch(config, adminPort)) {
            assertThat(turnout.awaitExit()).isEqualTo(3);
            assertThat(turnout.log()).contains("did you mean \"workers\"").contains("did you mean \"split\"");
        }
    }
}
