package io.turnout.cli;

import tools.jackson.databind.json.JsonMapper;

/** The JSON of the admin API. A newer server may say more than we know: what is unknown is skipped. Stateless. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String written(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }
}
