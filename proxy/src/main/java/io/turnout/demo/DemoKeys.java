package io.turnout.demo;

import java.io.PrintWriter;

/** What the keys of the demo's terminal do to green. Safe for any thread: each key is one change of the backend. */
public final class DemoKeys {
    /** The keys in one line. */
    public static final String LEGEND = "e errors 0/5/20 %  s slower  h hang  c crash  f fix green  q quit";

    private static final int[] ERROR_PERCENTS = {0, 5, 20};
    private static final int SLOWER_MILLIS = 40;

    private final DemoBackend green;
    private final PrintWriter out;
    private final Runnable onQuit;

    /**
     * Keys for this backend.
     *
     * @param onQuit called when somebody has had enough
     */
    public DemoKeys(DemoBackend green, PrintWriter out, Runnable onQuit) {
        this.green = green;
        this.out = out;
        this.onQuit = onQuit;
    }

    /** Takes a key; one that means nothing does nothing. */
    public void onKey(int key) {
        Behaviour now = green.behaviour();
        switch (key) {
            case 'e' -> behave(new Behaviour(nextPercent(now.errorPercent()), now.delayMillis(), Behaviour.Mode.OK));
            case 's' ->
                behave(new Behaviour(
                        now.errorPercent(), now.delayMillis() == 0 ? SLOWER_MILLIS : 0, Behaviour.Mode.OK));
            case 'h' -> behave(new Behaviour(now.errorPercent(), now.delayMillis(), Behaviour.Mode.HANG));
            case 'c' -> behave(new Behaviour(now.errorPercent(), now.delayMillis(), Behaviour.Mode.CRASH));
            case 'f' -> behave(Behaviour.FINE);
            case 'q' -> onQuit.run();
            default -> {}
        }
    }

    private static int nextPercent(int now) {
        for (int percent : ERROR_PERCENTS) {
            if (percent > now) {
                return percent;
            }
        }
        return ERROR_PERCENTS[0];
    }

    private void behave(Behaviour next) {
        green.behave(next);
        out.println("--- green " + next.inWords());
        out.flush();
    }
}
