package io.turnout.config.shape;

import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.serializer.Serializer;

/** Writes what {@link Shape#write} makes as YAML that reads back the same. Stateless. */
public final class YamlText {
    /** Texts without anything that YAML gives a meaning to; all others are quoted. */
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9/_.][A-Za-z0-9/_.:%-]*+(?<!:)");

    private YamlText() {}

    /** YAML in block style, always the same for the same tree. */
    public static String of(Object tree) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setWidth(Integer.MAX_VALUE);
        options.setSplitLines(false);
        options.setLineBreak(DumperOptions.LineBreak.UNIX);
        var text = new StringWriter();
        try {
            var serializer = new Serializer(new Emitter(text, options), new Resolver(), options, null);
            serializer.open();
            serializer.serialize(node(tree));
            serializer.close();
        } catch (IOException e) {
            throw new AssertionError("a string writer does not fail", e);
        }
        return text.toString();
    }

    private static Node node(Object value) {
        if (value instanceof Map<?, ?> map) {
            return mapping(map);
        }
        if (value instanceof List<?> list) {
            List<Node> items = list.stream().map(YamlText::node).toList();
            return new SequenceNode(Tag.SEQ, items, list.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
        }
        return value instanceof String text ? text(text.replace("${", "$${")) : plain(value);
    }

    private static Node mapping(Map<?, ?> map) {
        var entries = new ArrayList<NodeTuple>();
        map.forEach((key, value) -> entries.add(new NodeTuple(text((String) key), node(value))));
        return new MappingNode(Tag.MAP, entries, map.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    /** Quotes also what only some readers would take for a boolean or a number, as does the serializer. */
    private static Node text(String text) {
        boolean plain = BARE.matcher(text).matches() && CoreType.of(text) == CoreType.TEXT;
        return scalar(Tag.STR, text, plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
    }

    private static Node plain(Object value) {
        if (value instanceof Boolean) {
            return scalar(Tag.BOOL, value.toString(), ScalarStyle.PLAIN);
        }
        boolean whole = value instanceof Integer || value instanceof Long;
        return scalar(whole ? Tag.INT : Tag.FLOAT, value.toString(), ScalarStyle.PLAIN);
    }

    private static Node scalar(Tag tag, String text, ScalarStyle style) {
        return new ScalarNode(tag, text, null, null, style);
    }
}
