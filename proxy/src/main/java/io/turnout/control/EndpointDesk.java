package io.turnout.control;

import io.turnout.control.Command.DrainEndpoint;
import io.turnout.control.Command.ResumeEndpoint;
import io.turnout.control.CommandResult.Applied;
import io.turnout.control.CommandResult.Kind;
import io.turnout.control.CommandResult.Refused;
import io.turnout.control.state.Change;
import io.turnout.snapshot.EndpointPlan;
import io.turnout.snapshot.Overlay.EndpointId;
import io.turnout.snapshot.PoolPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes endpoints out of service and back. Confined to the control thread. */
final class EndpointDesk {
    private static final String IN_SERVICE = "in service";
    private static final String DRAINED = "drained";

    private final Publisher publisher;

    EndpointDesk(Publisher publisher) {
        this.publisher = publisher;
    }

    CommandResult drain(DrainEndpoint command) {
        Refused refused = refusal(command.pool(), command.address());
        if (refused != null) {
            return refused;
        }
        String subject = subject(command.pool(), command.address());
        if (isDrained(command.pool(), command.address())) {
            return unchanged(subject + " is drained already");
        }
        Change change = new Change.EndpointDrained(command.pool(), command.address());
        Effect effect = new Effect(change, "drain", subject, IN_SERVICE, DRAINED, null);
        return publish(
                effect, command.cause(), subject + " gets no new requests", notes(command.pool(), command.address()));
    }

    /** Said before it is done, of the world after it. */
    private List<String> notes(String pool, String address) {
        PoolPlan plan = pool(pool);
        long inService = plan == null
                ? 0
                : plan.endpoints().stream()
                        .filter(endpoint -> !endpoint.drained())
                        .count();
        boolean others = inService > 1 && !address.equals(EndpointId.ALL);
        return others
                ? List.of()
                : List.of("pool " + pool + " has no endpoint in service now; its requests go where onEmpty says");
    }

    CommandResult resume(ResumeEndpoint command) {
        Refused refused = refusal(command.pool(), command.address());
        if (refused != null) {
            return refused;
        }
        String subject = subject(command.pool(), command.address());
        if (!isDrained(command.pool(), command.address())) {
            return unchanged(subject + " is in service already");
        }
        Change change = new Change.EndpointResumed(command.pool(), command.address());
        Effect effect = new Effect(change, "resume", subject, DRAINED, IN_SERVICE, null);
        return publish(effect, command.cause(), subject + " is in service again", stillOut(command));
    }

    /** A pool and its members are taken out and back one apart from the other; what keeps the rest out is told. */
    private List<String> stillOut(ResumeEndpoint command) {
        if (!command.address().equals(EndpointId.ALL)) {
            return isDrained(command.pool(), EndpointId.ALL)
                    ? List.of("pool " + command.pool() + " is drained as a whole; its endpoints get no requests yet")
                    : List.of();
        }
        List<String> apart = publisher.world().state().drained().stream()
                .filter(id -> id.pool().equals(command.pool()) && !id.address().equals(EndpointId.ALL))
                .map(EndpointId::address)
                .sorted()
                .toList();
        return apart.isEmpty() ? List.of() : List.of("drained apart from the pool: " + String.join(", ", apart));
    }

    private CommandResult publish(Effect effect, Cause cause, String summary, List<String> notes) {
        Refused refused = publisher.publish(Step.decision(publisher.world().desired(), effect, cause));
        return refused != null ? refused : new Applied(publisher.world().generation(), true, summary, notes);
    }

    private CommandResult unchanged(String summary) {
        return new Applied(publisher.world().generation(), false, summary, List.of());
    }

    private @Nullable Refused refusal(String poolName, String address) {
        PoolPlan pool = pool(poolName);
        if (pool == null) {
            List<String> pools = publisher.world().snapshot().pools().stream()
                    .map(PoolPlan::name)
                    .toList();
            return Refused.of(Kind.UNKNOWN_POOL, "pool " + poolName, Words.oneOf(pools));
        }
        if (address.equals(EndpointId.ALL)) {
            return null;
        }
        List<String> endpoints =
                pool.endpoints().stream().map(EndpointPlan::name).toList();
        return endpoints.contains(address) || isDrained(poolName, address)
                ? null
                : Refused.of(
                        Kind.UNKNOWN_ENDPOINT, "endpoint " + address + " of pool " + poolName, Words.oneOf(endpoints));
    }

    private @Nullable PoolPlan pool(String name) {
        return publisher.world().snapshot().pools().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Whether this very endpoint, or the pool as a whole, has been taken out; not one because of the other. */
    private boolean isDrained(String pool, String address) {
        return publisher.world().state().drained().contains(new EndpointId(pool, address));
    }

    private static String subject(String pool, String address) {
        return address.equals(EndpointId.ALL) ? "pool " + pool : "endpoint " + address + " of pool " + pool;
    }
}
