package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * What one mirror found.
 *
 * @param pool gets the copies
 * @param percent share of matching requests that is copied, 0 to 100
 * @param control pool that measures the noise, or null for none
 * @param copies what became of the copies to the pool
 * @param controlCopies what became of those to the control, or null without one
 * @param primaryLatency of the originals that were copied
 * @param shadowLatency of their copies
 * @param comparison what the answers said, or null when they are not compared
 * @param text the same in words
 */
public record MirrorDifferences(
        String pool,
        double percent,
        @Nullable String control,
        MirrorCopies copies,
        @Nullable MirrorCopies controlCopies,
        LatencyStatus primaryLatency,
        LatencyStatus shadowLatency,
        @Nullable MirrorComparison comparison,
        String text) {}
