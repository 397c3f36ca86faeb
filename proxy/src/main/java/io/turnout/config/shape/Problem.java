package io.turnout.config.shape;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong at a place of the text.
 *
 * @param fatal whether the text cannot be used; else it is worth a look only
 * @param path where in the structure; empty for the text as a whole
 * @param didYouMean the nearest thing that would do, or null
 */
public record Problem(
        boolean fatal,
        Place place,
        String path,
        String found,
        String expected,
        @Nullable String didYouMean) {}
