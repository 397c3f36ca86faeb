package io.turnout.config;

import io.turnout.config.shape.Definitions;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema (draft-07) of the configuration file, for editors. Stateless. */
public final class ConfigSchema {
    private static final ObjectWriter WRITER = writer();

    private ConfigSchema() {}

    /** Line ends of the platform would make the text another one elsewhere. */
    private static ObjectWriter writer() {
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        return JsonMapper.builder().build().writer().with(printer);
    }

    /** The schema as indented JSON, always the same for the same version. */
    public static String json() {
        return WRITER.writeValueAsString(new Definitions().document("Turnout configuration", TopShapes.TURNOUT)) + "\n";
    }
}
