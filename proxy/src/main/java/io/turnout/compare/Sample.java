package io.turnout.compare;

/**
 * One occurrence of a difference, as it may be shown: redacted and shortened. Immutable.
 *
 * @param request method and path
 */
public record Sample(String request, String primary, String shadow) {}
