package io.turnout.config.shape;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Turns YAML text into a located tree. The library gives nodes with marks and leaves much undone that is refused here:
 * duplicate keys, aliases that contain themselves or multiply without end, merge keys, tags, keys that are not scalars.
 * Confined to one reading.
 */
public final class YamlTree {
    /** As much as a Kubernetes ConfigMap may hold; the library takes time by the square of a scalar's length. */
    private static final int MAX_CHARACTERS = 1 << 20;

    private static final int MAX_DEPTH = 40;

    /** Aliases share nodes, so that a few lines can stand for billions of values; each use is counted here. */
    private static final int MAX_PIECES = 100_000;

    private static final Pattern SIMPLE_KEY = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern LINE_END = Pattern.compile("\r\n|[\n\r\u0085\u2028\u2029]");
    private static final Resolver RESOLVER = new Resolver();

    private final Reading reading;
    private final Variables variables;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int pieces;

    private YamlTree(Reading reading, Function<String, @Nullable String> environment) {
        this.reading = reading;
        this.variables = new Variables(environment);
    }

    /**
     * Reads one document. Whatever the text, nothing is thrown.
     *
     * @return null when the text is no YAML or has no content, which has been reported; pieces that had to be refused are
     *     broken scalars in the tree
     */
    public static @Nullable Located read(String yaml, Function<String, @Nullable String> environment, Reading reading) {
        Node root = compose(yaml, reading);
        return root == null ? null : new YamlTree(reading, environment).located(root, "");
    }

    private static @Nullable Node compose(String yaml, Reading reading) {
        if (yaml.length() > MAX_CHARACTERS) {
            reading.errorAt(Place.START, "", yaml.length() + " characters", "at most " + MAX_CHARACTERS, null);
            return null;
        }
        var options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(1_000);
        try {
            Node root = new Yaml(options).compose(new StringReader(yaml));
            if (root == null) {
                reading.errorAt(Place.START, "", "an empty file", "a configuration", null);
            }
            return root;
        } catch (MarkedYAMLException e) {
            reportSyntax(e, reading);
        } catch (ReaderException e) {
            String what = String.format("the character U+%04X", e.getCodePoint());
            reading.errorAt(placeOf(yaml, e.getCodePoint()), "", what, "printable text", null);
        } catch (RuntimeException e) {
            // The library also signals its limits, and slips of its own on malformed escapes, by unmarked exceptions.
            String what = "text that cannot be read (" + Located.Scalar.shown(String.valueOf(e.getMessage())) + ")";
            reading.errorAt(Place.START, "", what, "YAML of at most " + MAX_DEPTH + " levels", null);
        }
        return null;
    }

    private static void reportSyntax(MarkedYAMLException e, Reading reading) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        Place place = mark == null ? Place.START : place(mark);
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("\\t(TAB)")) {
            reading.errorAt(place, "", "a tab", "spaces for indentation", null);
        } else if (problem.contains("another document")) {
            reading.errorAt(place, "", "a second document", "one document", null);
        } else {
            String context = e.getContext() == null ? "" : " " + e.getContext();
            reading.errorAt(place, "", "text that is not YAML (" + problem + ")", "well-formed YAML" + context, null);
        }
    }

    private static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The library counts in blocks of its own; the character that it objects to is certain. */
    private static Place placeOf(String text, int codePoint) {
        String before = text.substring(0, Math.max(0, text.indexOf(codePoint)));
        String[] lines = LINE_END.split(before, -1);
        String last = lines[lines.length - 1];
        return new Place(lines.length, last.codePointCount(0, last.length()) + 1);
    }

    private Located located(Node node, String path) {
        Place place = place(node.getStartMark());
        if (++pieces > MAX_PIECES) {
            if (pieces == MAX_PIECES + 1) {
                reading.errorAt(place, path, "more than " + MAX_PIECES + " values", "a smaller file", null);
            }
            return broken(place, path);
        }
        if (!open.add(node)) {
            return refuse(place, path, "an alias that contains itself", "a value that ends");
        }
        Located located = hasForeignTag(node)
                ? refuse(
                        place,
                        path,
                        "the tag " + Located.Scalar.shown(node.getTag().getValue()),
                        "a value without a tag")
                : locatedByKind(node, place, path);
        open.remove(node);
        return located;
    }

    private Located locatedByKind(Node node, Place place, String path) {
        if (node instanceof ScalarNode scalar) {
            return variables.expand(scalar(scalar, path), reading);
        }
        if (node instanceof SequenceNode sequence) {
            return items(sequence, place, path);
        }
        if (node instanceof MappingNode mapping) {
            return entries(mapping, place, path);
        }
        throw new AssertionError("a composed node of an unknown kind: " + node.getNodeId());
    }

    private Located items(SequenceNode sequence, Place place, String path) {
        var items = new ArrayList<Located>();
        for (Node item : sequence.getValue()) {
            items.add(located(item, path + "[" + items.size() + "]"));
        }
        return new Located.Items(place, path, items);
    }

    private Located entries(MappingNode mapping, Place place, String path) {
        var entries = new ArrayList<Located.Entry>();
        Map<String, Place> seen = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Located.Entry entry = entry(tuple, path, seen);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return new Located.Entries(place, path, List.copyOf(entries));
    }

    private Located.@Nullable Entry entry(NodeTuple tuple, String path, Map<String, Place> seen) {
        Place place = place(tuple.getKeyNode().getStartMark());
        if (!(tuple.getKeyNode() instanceof ScalarNode keyNode) || hasForeignTag(keyNode)) {
            refuse(place, path, "a key that is not plain text", "a word as key");
            return null;
        }
        String name = keyNode.getValue();
        if (keyNode.isPlain() && name.equals("<<")) {
            refuse(place, path, "the merge key <<", "the keys written out");
            return null;
        }
        String entryPath = childPath(path, name);
        Place first = seen.putIfAbsent(name, place);
        if (first != null) {
            refuse(
                    place,
                    entryPath,
                    "a second \"" + Located.Scalar.shown(name) + "\"",
                    "the key once (it is at " + first + ")");
            return null;
        }
        var key = new Located.Scalar(place, entryPath, name, Located.Style.FREE);
        return new Located.Entry(key, located(tuple.getValueNode(), entryPath));
    }

    private static String childPath(String path, String name) {
        if (!SIMPLE_KEY.matcher(name).matches()) {
            return path + "[\"" + Located.Scalar.shown(name) + "\"]";
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    private static Located.Scalar scalar(ScalarNode node, String path) {
        Located.Style style = node.isPlain() ? Located.Style.PLAIN : Located.Style.QUOTED;
        return new Located.Scalar(place(node.getStartMark()), path, node.getValue(), style);
    }

    /** The library does not tell a written tag from a resolved one, but a resolved one is always what it resolves to. */
    private static boolean hasForeignTag(Node node) {
        if (node instanceof ScalarNode scalar) {
            Tag resolved = RESOLVER.resolve(NodeId.scalar, scalar.getValue(), scalar.isPlain());
            return !scalar.getTag().equals(resolved);
        }
        return !node.getTag().equals(node instanceof SequenceNode ? Tag.SEQ : Tag.MAP);
    }

    private Located refuse(Place place, String path, String found, String expected) {
        reading.errorAt(place, path, found, expected, null);
        return broken(place, path);
    }

    private static Located broken(Place place, String path) {
        return new Located.Scalar(place, path, "", Located.Style.BROKEN);
    }
}
