/**
 * Floor 1: what the admin API says and hears, as records whose components are the JSON's members. Server and command line
 * share them; they are the contract of {@code docs/admin-api.md}.
 *
 * <p>All are immutable and safe for any thread. Names are camelCase, instants are ISO-8601 text in UTC, a member that is
 * null is written as {@code null}, maps keep the order of the configuration file.
 */
@NullMarked
package io.turnout.adminapi;

import org.jspecify.annotations.NullMarked;
