package io.turnout.audit;

import io.turnout.audit.AuditChain.Sealed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the chain through the lines of an audit, the oldest first. Not thread-safe.
 *
 * <p>What breaks the chain is a {@link #faults fault}. What a crash or a full disk explains is a {@link #notes note}: a line
 * that ends in the middle, and ids that are missing while the chain goes on, as entries that could not be written leave
 * them.
 */
public final class AuditCheck {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MAX_TOLD = 20;

    private final List<String> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> hashes = new HashSet<>();
    private String file = "";
    private int line;
    private long entries;
    private long unsealed;
    private long lastId;
    private @Nullable String head;

    /** The lines that follow are of this file. */
    public void begin(String name) {
        file = name;
        line = 0;
    }

    /** Takes the next line. */
    public void line(String text) {
        line++;
        if (text.isBlank()) {
            return;
        }
        JsonNode entry = parsed(text);
        if (entry == null) {
            tell(notes, "a line that is no entry, as a crash leaves it");
            return;
        }
        Sealed sealed = AuditChain.read(text);
        if (sealed == null) {
            onUnsealed();
        } else {
            onSealed(sealed);
        }
        onId(entry.path("id").asLong(0));
        entries++;
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isObject() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Entries of versions before the chain come before it, never within. */
    private void onUnsealed() {
        unsealed++;
        if (head != null) {
            tell(faults, "an entry without a hash after entries with one");
        }
    }

    private void onSealed(Sealed sealed) {
        if (!sealed.holds()) {
            tell(faults, "an entry that was changed: its hash is not that of the line");
        }
        if (head != null && !sealed.previous().equals(head)) {
            tell(faults, "an entry that does not follow the one before it: something was removed, inserted or moved");
        }
        head = sealed.hash();
        hashes.add(head);
    }

    private void onId(long id) {
        if (lastId > 0 && id > lastId + 1) {
            tell(notes, "ids " + (lastId + 1) + " to " + (id - 1) + " are missing: they could not be written");
        }
        if (lastId > 0 && id <= lastId) {
            tell(faults, "id " + id + " after id " + lastId);
        }
        lastId = id;
    }

    private void tell(List<String> to, String what) {
        if (to.size() < MAX_TOLD) {
            to.add(file + ":" + line + ": " + what);
        }
    }

    /** Whether every line follows from the one before it. */
    public boolean holds() {
        return faults.isEmpty();
    }

    /** What is wrong, the first few. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** What is not wrong and worth a look, the first few. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** How many entries there are. */
    public long entries() {
        return entries;
    }

    /** How many of them are older than the chain. */
    public long unsealed() {
        return unsealed;
    }

    /** The hash of the newest entry; null if none bears one. Kept elsewhere, it proves later that nothing is gone. */
    public @Nullable String head() {
        return head;
    }

    /** Whether an entry with this hash is among them. */
    public boolean contains(String hash) {
        return hashes.contains(hash);
    }
}
