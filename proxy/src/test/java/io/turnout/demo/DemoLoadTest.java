package io.turnout.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.demo.DemoLoad.Total;
import io.turnout.testing.RawServer;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the tour says of the users' requests is what they counted. */
@Timeout(60)
class DemoLoadTest {
    private static Total after(int requests, RawServer server) throws InterruptedException {
        try (DemoLoad load = DemoLoad.start(URI.create("http://127.0.0.1:" + server.port() + "/"), 200)) {
            while (load.total().requests() < requests) {
                TimeUnit.MILLISECONDS.sleep(10);
                load.take();
            }
            return load.total();
        }
    }

    @Test
    void requestsThatFailAreCountedAlsoWhenTheyGetNoAnswer() throws Exception {
        try (RawServer server = RawServer.start(RawServer.Connection::reset)) {
            Total total = after(20, server);

            assertThat(total.failed()).isEqualTo(total.requests());
            assertThat(total.inWords()).startsWith(total.requests() + " of " + total.requests());
        }
    }

    @Test
    void requestsThatAreServedAreNoFailures() throws Exception {
        try (RawServer server = RawServer.saying("{}")) {
            assertThat(after(20, server).failed()).isZero();
        }
    }

    @Test
    void wordsSayHowManyFailedSinceAMoment() {
        Total then = new Total(1_000, 3);

        assertThat(new Total(6_000, 3).since(then).inWords()).isEqualTo("not one of 5,000 requests failed");
        assertThat(new Total(6_000, 1_204).since(then).inWords()).isEqualTo("1,201 of 5,000 requests failed");
    }
}
