package io.turnout.adminapi;

import java.util.List;

/**
 * Answer of {@code POST /api/v1/config/check}.
 *
 * @param valid whether a reload would accept the text
 * @param problems errors and warnings, by place
 */
public record ConfigCheck(boolean valid, List<Problem> problems) {
    public ConfigCheck {
        problems = List.copyOf(problems);
    }
}
