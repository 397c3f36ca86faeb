package io.turnout.control;

/** Configurations for tests. */
final class Yaml {
    private Yaml() {}

    /** Two pools, one route {@code shop} with these weights. */
    static String split(int blue, int green) {
        return split("{weights: {blue: " + blue + ", green: " + green + "}}");
    }

    /** The same, where an override wins over the file. */
    static String overrideWins(int blue, int green) {
        return split("{weights: {blue: " + blue + ", green: " + green + "}, onConflict: override}");
    }

    static String split(String split) {
        return """
                listeners:
                  - {name: web, address: 127.0.0.1:8080}
                pools:
                  blue: {endpoints: [127.0.0.1:9001, 127.0.0.1:9002]}
                  green: {endpoints: [127.0.0.1:9011]}
                  red: {endpoints: [127.0.0.1:9021]}
                routes:
                  - name: shop
                    split: %s
                  - name: blog
                    match: {path: {prefix: /blog}}
                    split: {blue: 1, red: 1}
                """.formatted(split);
    }
}
