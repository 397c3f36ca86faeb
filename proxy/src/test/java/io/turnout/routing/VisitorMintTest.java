package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class VisitorMintTest {
    private static final long NOW = 1_795_000_000L;

    private final VisitorMint mint = Samples.MINT;
    private final DescribedRequest page = Samples.get("shop.example.com", "/")
            .from((byte) 192, (byte) 0, (byte) 2, (byte) 7)
            .with("user-agent", "Browser/1");
    private final DescribedRequest asset = Samples.get("shop.example.com", "/app.css")
            .from((byte) 192, (byte) 0, (byte) 2, (byte) 7)
            .with("user-agent", "Browser/1");

    @Test
    void givesAllFirstRequestsOfAPageOneId() {
        assertThat(mint.idOf(asset, NOW)).isEqualTo(mint.idOf(page, NOW)).matches("[0-9a-f]{16}");
    }

    @Test
    void tellsClientsAndBrowsersApart() {
        assertThat(mint.idOf(page.from((byte) 192, (byte) 0, (byte) 2, (byte) 8), NOW))
                .isNotEqualTo(mint.idOf(page, NOW));
        assertThat(mint.idOf(page.with("user-agent", "Browser/2"), NOW)).isNotEqualTo(mint.idOf(page, NOW));
        assertThat(mint.idOf(Samples.get("", "/").with("user-agent", "ab"), NOW))
                .isNotEqualTo(mint.idOf(Samples.get("", "/").with("user-agent", "a"), NOW));
    }

    @Test
    void keepsAnIdForOneSlotOfTimeAndThenMakesANewOne() {
        var ids = new HashSet<String>();
        int changes = 0;
        String last = mint.idOf(page, NOW);
        for (long second = 0; second < 6_000; second++) {
            String id = mint.idOf(page, NOW + second);
            changes += id.equals(last) ? 0 : 1;
            last = id;
            ids.add(id);
        }
        assertThat(changes).isBetween(9, 10);
        assertThat(ids).hasSize(changes + 1);
    }

    @Test
    void doesNotChangeTheIdsOfAllClientsAtOneInstant() {
        int mostInOneSecond = 0;
        for (long second = 0; second < 600; second++) {
            int changed = 0;
            for (int client = 0; client < 100; client++) {
                DescribedRequest request = page.from((byte) 198, (byte) 51, (byte) 100, (byte) client);
                changed += mint.idOf(request, NOW + second).equals(mint.idOf(request, NOW + second + 1)) ? 0 : 1;
            }
            mostInOneSecond = Math.max(mostInOneSecond, changed);
        }
        assertThat(mostInOneSecond).isBetween(1, 5);
    }

    @Test
    void agreesAmongReplicasWithTheSameSecretOnly() {
        byte[] secret = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        assertThat(new VisitorMint(secret, 600).idOf(page, NOW)).isEqualTo(mint.idOf(page, NOW));
        secret[15] ^= 1;
        assertThat(new VisitorMint(secret, 600).idOf(page, NOW)).isNotEqualTo(mint.idOf(page, NOW));
    }

    @Test
    void servesAClientWithoutUserAgentOrAddress() {
        assertThat(mint.idOf(Samples.get("", "/"), NOW)).matches("[0-9a-f]{16}");
    }

    @Test
    void refusesASecretOfAnotherLengthAndAnEmptySlot() {
        assertThatThrownBy(() -> new VisitorMint(new byte[15], 600)).hasMessageContaining("15 octets");
        assertThatThrownBy(() -> new VisitorMint(new byte[16], 0)).hasMessageContaining("slot of 0 s");
    }
}
