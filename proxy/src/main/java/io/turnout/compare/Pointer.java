package io.turnout.compare;

import java.util.Arrays;
import java.util.List;

/** A JSON pointer of a rule (RFC 6901). Immutable. */
record Pointer(List<String> tokens) {
    Pointer {
        tokens = List.copyOf(tokens);
    }

    /** @param text empty for the whole document, else beginning with a slash */
    static Pointer of(String text) {
        if (text.isEmpty()) {
            return new Pointer(List.of());
        }
        return new Pointer(Arrays.stream(text.substring(1).split("/", -1))
                .map(token -> token.replace("~1", "/").replace("~0", "~"))
                .toList());
    }

    /** Whether the path is where the pointer leads, or below it. */
    boolean covers(JsonPath path) {
        if (path.depth() < tokens.size()) {
            return false;
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (!path.isStep(i, tokens.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the path is where the pointer leads. */
    boolean is(JsonPath path) {
        return path.depth() == tokens.size() && covers(path);
    }
}
