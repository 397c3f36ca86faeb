package io.turnout.exchange;

import io.turnout.testing.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same with TLS on both sides. */
class FaultOverTlsTest extends FaultTest {
    @BeforeEach
    void speakTls() {
        Wire.useTls();
    }

    @AfterEach
    void speakPlain() {
        Wire.usePlain();
    }
}
