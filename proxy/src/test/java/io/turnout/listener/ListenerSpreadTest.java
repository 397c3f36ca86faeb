package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.telemetry.LoopMeter.Count;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerSpreadTest {
    @Test
    void dealsConnectionsToTheLoopsInTurn() throws IOException {
        List<Socket> clients = new ArrayList<>();
        try (TestProxy proxy = TestProxy.start(TestProxy.to(9), 2, Transport.Wish.AUTO)) {
            for (int i = 0; i < 64; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), proxy.port()));
            }
            await().until(() -> proxy.counted(Count.CONNECTIONS_ACCEPTED) == 64);

            assertThat(proxy.countedByLoop(Count.CONNECTIONS_ACCEPTED)).containsExactly(32L, 32L);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }
}
