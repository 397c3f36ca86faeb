package io.turnout.cli;

import io.turnout.adminapi.AuditEntry;
import io.turnout.adminapi.LiveView;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.StreamEvent;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the status again and again as it changes: as a picture that stays in its place in a terminal, as lines anywhere
 * else. Confined to the thread that listens, but for {@link #leave}.
 */
final class StatusWatch implements Following.Hearer {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K\r\n";
    private static final String END_OF_SCREEN = "\u001b[J";

    /** How many events pass before the terminal is asked for its size again. */
    private static final int SIZE_EVENTS = 5;

    private final PrintWriter out;
    private final boolean pictures;
    private @Nullable Status status;
    private @Nullable LiveView live;
    private Instant now = Instant.EPOCH;
    private Terminal size = new Terminal(80, 24);
    private String banner = "";
    private int events;
    private boolean left;

    /**
     * @param pictures whether there is a terminal to draw in
     */
    StatusWatch(PrintWriter out, boolean pictures) {
        this.out = out;
        this.pictures = pictures;
    }

    void enter() {
        if (pictures) {
            print(ENTER);
        }
    }

    /** Gives the terminal back as it was. Any thread, any number of times. */
    synchronized void leave() {
        if (pictures && !left) {
            left = true;
            print(LEAVE);
        }
    }

    @Override
    public boolean hear(EventReader.Event event) {
        banner = "";
        switch (event.name()) {
            case "snapshot" -> {
                var snapshot = Json.read(event.data(), StreamEvent.Snapshot.class);
                status = snapshot.status();
                show(snapshot.now(), snapshot.live());
            }
            case "live" -> {
                var next = Json.read(event.data(), StreamEvent.Live.class);
                show(next.now(), next.live());
            }
            case "status" ->
                status =
                        Json.read(event.data(), StreamEvent.StatusChanged.class).status();
            case "audit" -> tell(Json.read(event.data(), AuditEntry.class));
            default -> {}
        }
        return true;
    }

    private void tell(AuditEntry entry) {
        if (!pictures) {
            print(EventsCommand.audit(entry) + System.lineSeparator());
        }
    }

    private void show(Instant time, LiveView figures) {
        now = time;
        live = figures;
        if (pictures) {
            draw();
        } else {
            String lines = String.join(System.lineSeparator(), WatchLines.of(new StreamEvent.Live(time, figures)));
            print(lines + System.lineSeparator());
        }
    }

    @Override
    public void onLost() {
        banner = "! STALE: the server does not answer; trying again";
        if (pictures) {
            draw();
        } else {
            print("the server does not answer; trying again" + System.lineSeparator());
        }
    }

    private synchronized void draw() {
        if (status == null || live == null || left) {
            return;
        }
        if (events++ % SIZE_EVENTS == 0) {
            size = Terminal.now();
        }
        List<String> lines = WatchView.of(status, live, now, size.columns());
        int room = size.rows() - 1;
        var picture = new StringBuilder(HOME);
        int shown = lines.size() <= room ? lines.size() : room - 1;
        for (int i = 0; i < shown; i++) {
            boolean first = i == 0 && !banner.isEmpty();
            String line = first ? banner : lines.get(i);
            picture.append(line.startsWith("!") ? Printable.loud(line) : line).append(END_OF_LINE);
        }
        if (shown < lines.size()) {
            picture.append("… ")
                    .append(lines.size() - shown)
                    .append(" more lines")
                    .append(END_OF_LINE);
        }
        print(picture.append(END_OF_SCREEN).toString());
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }
}
