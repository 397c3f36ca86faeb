package io.turnout.adminapi;

import java.util.List;

/**
 * What a call that changes something did. When it arrives, the change is in force for the next request.
 *
 * @param generation in force now
 * @param changed false if everything was already as asked for
 * @param summary what happened, one sentence
 * @param notes what the operator should know besides
 */
public record ChangeAnswer(long generation, boolean changed, String summary, List<String> notes) {
    public ChangeAnswer {
        notes = List.copyOf(notes);
    }
}
