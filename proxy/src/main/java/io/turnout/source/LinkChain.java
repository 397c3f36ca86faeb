package io.turnout.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The way from a path to its file over symbolic links. Stateless.
 *
 * <p>A file may change because its content does, or because any link on the way leads elsewhere: a mounted ConfigMap swaps
 * a link to a folder, and nothing happens in the folder of the file. Events come only from the folder in which a name is
 * changed, so all of these must be watched.
 */
final class LinkChain {
    /** As many as Linux follows before it calls the way a loop. */
    private static final int MAX_LINKS = 40;

    private LinkChain() {}

    /** The folders in which a name on the way stands: one for each link, and the one of the file itself. */
    static Set<Path> folders(Path file) {
        Path absolute = file.toAbsolutePath();
        Set<Path> folders = new LinkedHashSet<>();
        Deque<Path> rest = new ArrayDeque<>(names(absolute));
        Path at = absolute.getRoot();
        int links = 0;
        while (!rest.isEmpty()) {
            Path next = step(at, rest.pop());
            if (!Files.isSymbolicLink(next)) {
                at = next;
                continue;
            }
            folders.add(at);
            Path target = target(next);
            if (target == null || ++links > MAX_LINKS) {
                return folders;
            }
            at = target.isAbsolute() ? target.getRoot() : at;
            List<Path> detour = new ArrayList<>(names(target));
            Collections.reverse(detour);
            detour.forEach(rest::push);
        }
        folders.add(parent(at));
        return folders;
    }

    private static List<Path> names(Path path) {
        List<Path> names = new ArrayList<>();
        path.forEach(names::add);
        return names;
    }

    private static Path step(Path at, Path name) {
        return switch (name.toString()) {
            case "", "." -> at;
            case ".." -> parent(at);
            default -> at.resolve(name);
        };
    }

    private static Path parent(Path at) {
        Path parent = at.getParent();
        return parent == null ? at : parent;
    }

    /** Null if the link has gone since it was seen. */
    private static @org.jspecify.annotations.Nullable Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return null;
        }
    }
}
