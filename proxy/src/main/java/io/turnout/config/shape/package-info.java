/**
 * What a configuration file may look like, without knowing what it is about: YAML text becomes a tree that remembers
 * where each piece stood ({@link io.turnout.config.shape.Located}), and a {@link io.turnout.config.shape.Shape} reads a
 * value from it, writes it back, and describes itself to editors and to people. One description serves all four.
 */
@NullMarked
package io.turnout.config.shape;

import org.jspecify.annotations.NullMarked;
