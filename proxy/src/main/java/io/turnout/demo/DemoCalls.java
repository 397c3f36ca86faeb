package io.turnout.demo;

import io.turnout.admin.ExtraCall;
import io.turnout.demo.Behaviour.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls by which the console breaks backends. Only the demo adds them to its admin listener. Safe for any thread.
 */
public final class DemoCalls {
    private final List<DemoBackend> backends;

    /** For these backends. */
    public DemoCalls(DemoBackend... backends) {
        this.backends = List.of(backends);
    }

    /**
     * Body of {@code PUT /demo/backends/{version}}; what is left out stays as it is.
     *
     * @param mode {@code ok}, {@code hang} or {@code crash}
     */
    public record Wish(
            @Nullable Integer errorPercent,
            @Nullable Integer delayMillis,
            @Nullable String mode) {}

    private record View(String name, int errorPercent, int delayMillis, String mode) {}

    /** The calls. */
    public List<ExtraCall> calls() {
        return List.of(
                ExtraCall.look("/demo/backends", this::view),
                ExtraCall.change("/demo/backends/{}", Wish.class, this::behave));
    }

    private Object view() {
        return Map.of("backends", backends.stream().map(DemoCalls::view).toList());
    }

    private static View view(DemoBackend backend) {
        Behaviour now = backend.behaviour();
        return new View(
                backend.version(),
                now.errorPercent(),
                now.delayMillis(),
                now.mode().text());
    }

    private Object behave(String version, Wish wish) {
        DemoBackend backend = backends.stream()
                .filter(one -> one.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new ExtraCall.Unusable("no such backend", "one of " + versions()));
        Behaviour now = backend.behaviour();
        try {
            backend.behave(new Behaviour(
                    wish.errorPercent() == null ? now.errorPercent() : wish.errorPercent(),
                    wish.delayMillis() == null ? now.delayMillis() : wish.delayMillis(),
                    wish.mode() == null ? now.mode() : mode(wish.mode())));
        } catch (IllegalArgumentException e) {
            throw new ExtraCall.Unusable(
                    String.valueOf(e.getMessage()), "a percentage and a delay within their ranges");
        }
        return view();
    }

    private static Mode mode(String text) {
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new ExtraCall.Unusable("another mode", "one of " + modes()));
    }

    private static String modes() {
        return Arrays.stream(Mode.values()).map(Mode::text).collect(Collectors.joining(", "));
    }

    private String versions() {
        return backends.stream().map(DemoBackend::version).collect(Collectors.joining(", "));
    }
}
