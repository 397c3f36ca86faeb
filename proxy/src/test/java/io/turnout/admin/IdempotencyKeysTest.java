package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.turnout.admin.Doorkeeper.Caller;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final IdempotencyKeys keys = new IdempotencyKeys(() -> now);
    private final Deque<CompletableFuture<Answer>> begun = new ArrayDeque<>();

    private CompletableFuture<Answer> once(@Nullable String caller, String key, String body) {
        var fields = new DefaultHttpHeaders().add(IdempotencyKeys.FIELD, key);
        var anywhere = InetSocketAddress.createUnresolved("localhost", 1);
        var request = new AdminRequest("POST", "/x", fields, Body.of(body), anywhere, anywhere);
        return keys.once(new Call.Asked(request, new Caller(caller, null), List.of()), this::begin)
                .toCompletableFuture();
    }

    private CompletionStage<Answer> begin() {
        var answer = new CompletableFuture<Answer>();
        begun.add(answer);
        return answer;
    }

    @Test
    void aRepetitionWaitsForTheFirstWhileItIsInProgress() {
        CompletableFuture<Answer> first = once(null, "k", "a");
        CompletableFuture<Answer> again = once(null, "k", "a");

        assertThat(begun).hasSize(1);
        assertThat(again).isNotDone();
        begun.remove().complete(Answer.text(200, "done"));
        assertThat(first.join().status()).isEqualTo(200);
        assertThat(again.join().fields()).containsEntry("Idempotency-Replayed", "true");
    }

    @Test
    void keysOfDifferentCallersDoNotMeet() {
        once("alice", "k", "a");
        once("bob", "k", "a");
        once(null, "k", "a");

        assertThat(begun).hasSize(3);
    }

    @Test
    void whatFailedOnOurSideIsTriedAgain() {
        once(null, "k", "a");
        begun.remove().complete(ProblemKind.BUSY.answer("busy"));
        once(null, "k", "a");
        begun.remove().completeExceptionally(new IllegalStateException());
        once(null, "k", "a");

        assertThat(begun).hasSize(1);
    }

    @Test
    void whatWasRefusedIsRefusedAgain() {
        once(null, "k", "a");
        begun.remove().complete(ProblemKind.STALE.answer("stale"));

        assertThat(once(null, "k", "a").join().status()).isEqualTo(412);
        assertThat(begun).isEmpty();
    }

    @Test
    void keysAreForgottenWithAgeAndWhenThereAreTooMany() {
        once(null, "old", "a");
        begun.remove().complete(Answer.text(200, ""));
        now = now.plus(IdempotencyKeys.REMEMBERED_FOR).plus(Duration.ofSeconds(1));
        once(null, "old", "a");
        assertThat(begun).hasSize(1);

        for (int i = 0; i < IdempotencyKeys.MAX_REMEMBERED; i++) {
            once(null, "k" + i, "a");
        }
        int before = begun.size();
        once(null, "k0", "a");
        once(null, "k1", "a");
        assertThat(begun).hasSize(before);
        once(null, "old", "a");
        assertThat(begun).hasSize(before + 1);
    }

    @Test
    void unusableKeysAreRefused() {
        assertThat(once(null, "", "a").join().status()).isEqualTo(400);
        assertThat(once(null, "k".repeat(256), "a").join().status()).isEqualTo(400);
        assertThat(begun).isEmpty();
    }
}
