package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.listener.Transport;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void sendsRequestsThroughADataPlaneOfItsOwnAndLeavesNothingBehind() {
        assertThat(WarmUp.run(Transport.choose(Transport.Wish.AUTO))).isBetween(1, 1000);

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("warm-up")));
    }
}
