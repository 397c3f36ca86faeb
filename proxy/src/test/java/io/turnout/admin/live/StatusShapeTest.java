package io.turnout.admin.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.ConfigStatus;
import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.GuardStatus;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.ReloadStatus;
import io.turnout.adminapi.RolloutStatus;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.TlsStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which changes of a status are told at once, and which are left to the figures of the next second. */
class StatusShapeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final EndpointStatus.Health HEALTHY =
            new EndpointStatus.Health(EndpointStatus.Health.HEALTHY, "", NOW, null);
    private static final TlsStatus SECURE = new TlsStatus("listener web", List.of("a.example"), LATER, null);

    private EndpointStatus.Health health = HEALTHY;
    private long requests = 1;
    private @Nullable String waitingFor;
    private List<String> allowed = List.of("pause");
    private @Nullable Long holdRemaining = 5L;
    private String shedding = Status.NOTHING_SHED;
    private TlsStatus tls = SECURE;

    private StatusShape shape() {
        var endpoint = new EndpointStatus(
                "127.0.0.1:1", "127.0.0.1:1", EndpointStatus.ACTIVE, health, 1, 1, requests, 0, 1.0 * requests);
        var rollout = new RolloutStatus(
                "progressing",
                1,
                2,
                0.1,
                "green",
                "blue",
                NOW,
                holdRemaining,
                List.of(requests + " more requests"),
                waitingFor,
                "",
                "",
                List.of(),
                allowed);
        var route = new RouteStatus(
                "shop",
                Map.of("blue", 1),
                Map.of("blue", 1),
                null,
                new GuardStatus(GuardStatus.WATCHING, "", List.of()),
                rollout,
                List.of());
        var config = new ConfigStatus("turnout.yaml", "abc", null, new ReloadStatus(NOW, true, List.of()));
        return StatusShape.of(new Status(
                7,
                NOW,
                config,
                List.of(route),
                List.of(),
                List.of(new PoolStatus("blue", 1, List.of(endpoint))),
                shedding,
                List.of(tls)));
    }

    @Test
    void countersAndTimeThatPassesAreNoChange() {
        StatusShape before = shape();
        requests = 2;
        holdRemaining = 4L;

        assertThat(shape()).isEqualTo(before);
    }

    @Test
    void anEndpointThatFallsIllOrIsEjectedAgainIsAChange() {
        StatusShape before = shape();
        health = new EndpointStatus.Health(EndpointStatus.Health.EJECTED, "5 failures in a row", NOW, LATER);
        StatusShape ejected = shape();
        assertThat(ejected).isNotEqualTo(before);

        health = new EndpointStatus.Health(
                EndpointStatus.Health.EJECTED, "5 failures in a row", LATER, LATER.plusSeconds(60));
        assertThat(shape()).isNotEqualTo(ejected);
    }

    @Test
    void aRolloutThatWaitsForAPersonIsAChange() {
        StatusShape before = shape();
        waitingFor = "approval";

        assertThat(shape()).isNotEqualTo(before);
    }

    @Test
    void otherVerbsThanBeforeAreAChange() {
        StatusShape before = shape();
        allowed = List.of("pause", "promote");

        assertThat(shape()).isNotEqualTo(before);
    }

    @Test
    void anotherCertificateOrOneThatCannotBeUsedIsAChange() {
        StatusShape before = shape();
        tls = new TlsStatus("listener web", List.of("a.example"), LATER.plusSeconds(60), null);
        StatusShape renewed = shape();
        assertThat(renewed).isNotEqualTo(before);

        tls = new TlsStatus("listener web", List.of("a.example"), LATER.plusSeconds(60), "web.key: not a key");
        assertThat(shape()).isNotEqualTo(renewed);
    }

    @Test
    void beginningToShedIsAChange() {
        StatusShape before = shape();
        shedding = "keepAlive";

        assertThat(shape()).isNotEqualTo(before);
    }
}
