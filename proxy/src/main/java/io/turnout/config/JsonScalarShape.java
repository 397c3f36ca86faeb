package io.turnout.config;

import io.turnout.config.shape.Definitions;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A text, number or boolean that a JSON document is expected to hold, kept as its JSON text. */
final class JsonScalarShape implements Shape<String> {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public @Nullable String read(Located at, Reading reading) {
        Object value = at instanceof Located.Scalar scalar ? scalar.jsonValue() : null;
        if (value == null) {
            reading.mismatch(at, expected());
            return null;
        }
        return JSON.writeValueAsString(value);
    }

    @Override
    public Object write(String value) {
        return JSON.readValue(value, Object.class);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Definitions.object("type", List.of("string", "number", "boolean"));
    }

    @Override
    public String expected() {
        return "a text, number or boolean";
    }

    @Override
    public String typeName() {
        return "text, number or boolean";
    }
}
