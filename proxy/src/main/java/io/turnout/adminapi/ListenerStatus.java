package io.turnout.adminapi;

/**
 * Where clients come in.
 *
 * @param address as in the file
 * @param drained whether an operator has closed it
 */
public record ListenerStatus(String name, String address, boolean drained) {}
