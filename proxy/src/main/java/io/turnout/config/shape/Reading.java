package io.turnout.config.shape;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reading of one text: the problems found so far, and the names and facts that are only held against each other at
 * its end. Confined to the thread that reads.
 */
public final class Reading {
    /** Looking for similar words is the one costly thing here; beyond this a hostile text gets no more of it. */
    private static final int MAX_SUGGESTIONS = 200;

    private final @Nullable Path base;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Set<String>> defined = new LinkedHashMap<>();
    private final List<Reference> references = new ArrayList<>();
    private final List<Fact<?>> facts = new ArrayList<>();
    private @Nullable IllegalArgumentException doubt;
    private int errors;
    private int suggestions;

    private record Reference(String kind, String name, Located at) {}

    /** @param base folder from which relative paths of files are taken, or null for none */
    public Reading(@Nullable Path base) {
        this.base = base;
    }

    /** A reading to which no file is known. */
    public Reading() {
        this(null);
    }

    /** The folder from which relative paths of files are taken, or null for none. */
    public @Nullable Path base() {
        return base;
    }

    /** Something that was read, and where. */
    public record Fact<F>(F value, Located at) {}

    /** Reports an error; a piece that is broken already says nothing more. */
    public void error(Located at, String found, String expected, @Nullable String didYouMean) {
        if (at instanceof Located.Scalar scalar && scalar.style() == Located.Style.BROKEN) {
            return;
        }
        errorAt(at.place(), at.path(), found, expected, didYouMean);
    }

    /** Reports an error that has no suggestion. */
    public void error(Located at, String found, String expected) {
        error(at, found, expected, null);
    }

    /** Reports that the piece is not what was expected there. */
    public void mismatch(Located at, String expected) {
        error(at, at.described(), expected, null);
    }

    /** Reports something that works but is perhaps not meant. */
    public void warning(Located at, String found, String expected) {
        problems.add(new Problem(false, at.place(), at.path(), found, expected, null));
    }

    void errorAt(Place place, String path, String found, String expected, @Nullable String didYouMean) {
        errors++;
        problems.add(new Problem(true, place, path, found, expected, didYouMean));
    }

    /** Keeps why a record could not be made although nothing within it seemed wrong. */
    void doubt(IllegalArgumentException reason) {
        doubt = doubt == null ? reason : doubt;
    }

    /** Fails when a record could not be made and no error was reported at all: then a check is missing. */
    public void assertExplained() {
        if (doubt != null && errors == 0) {
            throw new AssertionError("a record refuses what its shape accepts", doubt);
        }
    }

    /** Number of errors so far. */
    public int errors() {
        return errors;
    }

    /** Everything reported so far, in the order of reporting. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The candidate that was probably meant, or null. */
    public @Nullable String nearest(String word, Collection<String> candidates) {
        if (suggestions >= MAX_SUGGESTIONS) {
            return null;
        }
        suggestions++;
        return Suggestion.nearest(word, candidates);
    }

    /** Makes a name known, for references of the same kind anywhere in the text. */
    public void define(String kind, String name) {
        defined.computeIfAbsent(kind, k -> new LinkedHashSet<>()).add(name);
    }

    /** Whether a name of a kind is known by now. */
    public boolean isDefined(String kind, String name) {
        return defined.getOrDefault(kind, Set.of()).contains(name);
    }

    /** Notes that a name is used; whether it exists is known when all is read. */
    public void refer(String kind, String name, Located at) {
        references.add(new Reference(kind, name, at));
    }

    /** Keeps something for checks between distant parts of the text, whatever becomes of the parts around it. */
    public void remember(Object value, Located at) {
        facts.add(new Fact<>(value, at));
    }

    /** Everything of a type that was remembered, in the order of reading. */
    public <F> List<Fact<F>> remembered(Class<F> type) {
        var found = new ArrayList<Fact<F>>();
        for (Fact<?> fact : facts) {
            if (type.isInstance(fact.value)) {
                found.add(new Fact<>(type.cast(fact.value), fact.at));
            }
        }
        return found;
    }

    /** Names of a kind that were referred to. */
    public Set<String> referred(String kind) {
        var names = new LinkedHashSet<String>();
        references.stream().filter(r -> r.kind.equals(kind)).forEach(r -> names.add(r.name));
        return names;
    }

    /**
     * Reports references to names that were not defined. Where none of a kind was defined, that has been reported and is
     * not repeated for each reference.
     */
    public void resolveReferences() {
        for (Reference reference : references) {
            Set<String> names = defined.get(reference.kind);
            if (names != null && !names.contains(reference.name)) {
                error(
                        reference.at,
                        "the unknown " + reference.kind + " \"" + Located.Scalar.shown(reference.name) + "\"",
                        "a defined " + reference.kind + listed(names),
                        nearest(reference.name, names));
            }
        }
    }

    private static String listed(Set<String> names) {
        return names.size() > 8 ? "" : " (" + String.join(", ", names) + ")";
    }
}
