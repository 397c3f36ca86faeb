package io.turnout.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was answered to changes that carried an {@code Idempotency-Key}, so that a client that lost the answer
 * can ask again without doing the change twice. While the first is still in progress, its repetition waits for it.
 *
 * <p>Keys of different callers do not meet. What failed on our side is forgotten, as the next try may succeed. Bounded in
 * number and age; lost at a restart. Confined to the admin thread.
 */
final class IdempotencyKeys {
    static final String FIELD = "Idempotency-Key";
    static final int MAX_REMEMBERED = 1_000;
    static final Duration REMEMBERED_FOR = Duration.ofHours(24);
    private static final int MAX_CHARACTERS = 255;

    private final InstantSource clock;
    private final Map<Key, Remembered> remembered = new LinkedHashMap<>();

    IdempotencyKeys(InstantSource clock) {
        this.clock = clock;
    }

    private record Key(@Nullable String caller, String text) {}

    /** What was asked is kept as its digest: a thousand bodies would be a thousand times the largest. */
    private record Remembered(Instant since, String asked, CompletionStage<Answer> answer) {}

    /** The answer of the change, made now or, for a key known already, before. */
    CompletionStage<Answer> once(Call.Asked asked, Supplier<CompletionStage<Answer>> change) {
        List<String> given = asked.request().fields().getAll(FIELD);
        if (given.isEmpty()) {
            return change.get();
        }
        String text = given.get(0);
        if (given.size() > 1 || text.isBlank() || text.length() > MAX_CHARACTERS) {
            return now(ProblemKind.MALFORMED_REQUEST.answer(
                    "an unusable " + FIELD, "one of 1 to " + MAX_CHARACTERS + " characters"));
        }
        Key key = new Key(asked.caller().name(), text);
        forgetOld();
        String digest = digest(asked.request());
        Remembered known = remembered.get(key);
        if (known == null) {
            return remember(key, digest, change.get());
        }
        return known.asked().equals(digest)
                ? known.answer().thenApply(answer -> answer.with("Idempotency-Replayed", "true"))
                : now(ProblemKind.KEY_REUSED.answer("the key of another request", "a new key, or the same request"));
    }

    private static String digest(AdminRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.method() + ' ' + request.target() + '\n').getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(request.body().octets()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private CompletionStage<Answer> remember(Key key, String asked, CompletionStage<Answer> answer) {
        if (remembered.size() >= MAX_REMEMBERED) {
            forgetEldest();
        }
        remembered.put(key, new Remembered(clock.instant(), asked, answer));
        return answer;
    }

    /** In the order they were made, which is the order of their age. */
    private void forgetOld() {
        Instant horizon = clock.instant().minus(REMEMBERED_FOR);
        remembered.values().removeIf(known -> known.since().isBefore(horizon) || failedHere(known.answer()));
    }

    private static boolean failedHere(CompletionStage<Answer> answer) {
        CompletableFuture<Answer> future = answer.toCompletableFuture();
        return future.isDone()
                && (future.isCompletedExceptionally() || future.join().status() >= 500);
    }

    private void forgetEldest() {
        var eldest = remembered.keySet().iterator();
        eldest.next();
        eldest.remove();
    }

    private static CompletionStage<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
