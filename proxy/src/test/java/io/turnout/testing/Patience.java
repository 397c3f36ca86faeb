package io.turnout.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long the tests wait for what has to come: as long as a slow machine that is busy with other things may need, since
 * a limit that is never reached costs nothing. In force for every {@code await()} of all classes, by service.
 */
public final class Patience implements BeforeAllCallback {
    /** The longest wait for one thing that takes milliseconds on an idle machine. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    /** The same for sockets, which count in milliseconds. */
    public static final int LIMIT_MILLIS = Math.toIntExact(LIMIT.toMillis());

    private static final Duration GLANCE = Duration.ofMillis(20);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
        Awaitility.setDefaultPollInterval(GLANCE);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }
}
