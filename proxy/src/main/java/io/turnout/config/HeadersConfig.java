package io.turnout.config;

import java.util.List;
import java.util.Map;

/** What is done to the headers of the request sent upstream and of the answer sent downstream. */
public record HeadersConfig(Edits request, Edits response) {
    /**
     * Changes of one head, made in this order.
     *
     * @param remove names taken away
     * @param set name to the one value that replaces all others
     * @param add name to a value put beside the others
     */
    public record Edits(List<String> remove, Map<String, String> set, Map<String, String> add) {
        public Edits {
            remove = List.copyOf(remove);
            set = Require.ordered(set);
            add = Require.ordered(add);
        }

        /** Whether nothing is changed. */
        public boolean isEmpty() {
            return remove.isEmpty() && set.isEmpty() && add.isEmpty();
        }
    }
}
