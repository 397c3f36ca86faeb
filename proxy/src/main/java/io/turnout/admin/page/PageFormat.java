package io.turnout.admin.page;

import java.util.Locale;

/**
 * The formats a scraper may ask for: Prometheus text 0.0.4, and OpenMetrics 1.0. They differ in what stands above the
 * values and below the last one.
 */
public enum PageFormat {
    TEXT("text/plain; version=0.0.4; charset=utf-8", ""),
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8", "# EOF\n");

    private final String contentType;
    private final String end;

    PageFormat(String contentType, String end) {
        this.contentType = contentType;
        this.end = end;
    }

    /** The format for a scraper with this {@code Accept} field, which may be empty. */
    public static PageFormat accepted(String accept) {
        return accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
    }

    /** Value of the field {@code Content-Type}. */
    public String contentType() {
        return contentType;
    }

    /** The lines above a family's values. */
    String head(Family family) {
        String type = family.type().name().toLowerCase(Locale.ROOT);
        String help = Escapes.line(family.help());
        return switch (this) {
            case TEXT -> "# HELP %1$s %2$s\n# TYPE %1$s %3$s\n".formatted(family.exposedName(), help, type);
            case OPEN_METRICS ->
                "# TYPE %1$s %3$s\n# HELP %1$s %2$s\n".formatted(family.familyName(), help.replace("\"", "\\\""), type);
        };
    }

    /** What stands below everything. */
    String end() {
        return end;
    }
}
