package io.turnout.compare;

import java.util.ArrayList;
import java.util.List;

/** Where a walk through a JSON document is. Mutable, confined to the walk. */
final class JsonPath {
    private final List<String> tokens = new ArrayList<>();
    private final List<Boolean> elements = new ArrayList<>();

    void enterMember(String name) {
        tokens.add(name);
        elements.add(false);
    }

    void enterElement(int index) {
        tokens.add(Integer.toString(index));
        elements.add(true);
    }

    void leave() {
        tokens.remove(tokens.size() - 1);
        elements.remove(elements.size() - 1);
    }

    int depth() {
        return tokens.size();
    }

    /** Whether the token of a pointer names the step at this depth; {@code *} names every element of an array. */
    boolean isStep(int depth, String token) {
        return tokens.get(depth).equals(token) || (elements.get(depth) && token.equals("*"));
    }

    /** As an RFC 6901 pointer, all elements of an array alike. */
    String field() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            text.append('/')
                    .append(
                            elements.get(i)
                                    ? "*"
                                    : tokens.get(i).replace("~", "~0").replace("/", "~1"));
        }
        return text.toString();
    }
}
