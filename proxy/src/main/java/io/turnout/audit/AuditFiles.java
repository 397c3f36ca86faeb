package io.turnout.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where an audit lies: one file that grows, and a few older ones beside it. Stateless. */
public final class AuditFiles {
    /** Name of the file in the state folder. */
    public static final String NAME = "audit.jsonl";

    /** How many older files are kept. */
    public static final int KEPT = 4;

    private AuditFiles() {}

    /** The file of this age: 1 is the youngest of the older ones. */
    public static Path older(Path file, int age) {
        return file.resolveSibling(file.getFileName() + "." + age);
    }

    /** All files that exist, the oldest first. */
    public static List<Path> all(Path file) {
        List<Path> files = new ArrayList<>();
        for (int age = KEPT; age >= 1; age--) {
            Path older = older(file, age);
            if (Files.exists(older)) {
                files.add(older);
            }
        }
        if (Files.exists(file)) {
            files.add(file);
        }
        return files;
    }

    /**
     * Checks all files.
     *
     * @throws IOException if one cannot be read
     */
    public static AuditCheck check(Path file) throws IOException {
        AuditCheck check = new AuditCheck();
        for (Path each : all(file)) {
            check.begin(each.getFileName().toString());
            try (var lines = Files.lines(each)) {
                lines.forEach(check::line);
            }
        }
        return check;
    }
}
