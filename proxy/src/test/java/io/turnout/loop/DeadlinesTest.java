package io.turnout.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long TICK = Deadlines.TICK_NANOS;

    private final Deadlines deadlines = new Deadlines(0);
    private final List<Entry> fired = new ArrayList<>();
    private long now;

    private final class Entry extends Deadline {
        Runnable then = () -> {};

        @Override
        protected void onDeadline(long nowNanos) {
            fired.add(this);
            then.run();
        }
    }

    @Test
    void firesOnceAtMostATickLate() {
        Entry entry = new Entry();
        deadlines.setAt(entry, 10 * TICK + 3);
        sweepTo(10 * TICK);
        assertThat(fired).isEmpty();
        sweepTo(12 * TICK);
        sweepTo(3000 * TICK);
        assertThat(fired).containsExactly(entry);
    }

    @Test
    void movesLaterAndEarlier() {
        Entry later = new Entry();
        Entry earlier = new Entry();
        deadlines.setAt(later, 5 * TICK);
        deadlines.setAt(later, 50 * TICK);
        deadlines.setAt(earlier, 50 * TICK);
        deadlines.setAt(earlier, 5 * TICK);
        sweepTo(20 * TICK);
        assertThat(fired).containsExactly(earlier);
        sweepTo(60 * TICK);
        assertThat(fired).containsExactly(earlier, later);
    }

    @Test
    void reachesBeyondItsHorizon() {
        Entry entry = new Entry();
        deadlines.setAt(entry, 5000 * TICK);
        sweepTo(4999 * TICK);
        assertThat(fired).isEmpty();
        sweepTo(5002 * TICK);
        assertThat(fired).containsExactly(entry);
    }

    @Test
    void forgetsWhatIsClearedOrRemoved() {
        Entry cleared = new Entry();
        Entry removed = new Entry();
        deadlines.setAt(cleared, 5 * TICK);
        deadlines.setAt(removed, 5 * TICK);
        deadlines.clear(cleared);
        deadlines.remove(removed);
        sweepTo(100 * TICK);
        assertThat(fired).isEmpty();
    }

    @Test
    void firesTheRestWhenOneRemovesItsNeighbour() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Entry entry = new Entry();
            entries.add(entry);
            deadlines.setAt(entry, 5 * TICK);
        }
        // Entries hang newest first: 4 fires first and takes 3 with it.
        entries.get(4).then = () -> deadlines.remove(entries.get(3));
        sweepTo(10 * TICK);
        assertThat(fired).containsExactly(entries.get(4), entries.get(2), entries.get(1), entries.get(0));
    }

    @Test
    void mayBeSetAgainWhileFiring() {
        Entry entry = new Entry();
        deadlines.setAt(entry, 5 * TICK);
        entry.then = () -> deadlines.setAt(entry, 20 * TICK);
        sweepTo(10 * TICK);
        entry.then = () -> {};
        sweepTo(30 * TICK);
        assertThat(fired).containsExactly(entry, entry);
    }

    @Test
    void holdsAStandstillAgainstNobody() {
        Entry before = new Entry();
        Entry during = new Entry();
        Entry after = new Entry();
        sweepTo(10 * TICK);
        deadlines.setAfter(before, 10 * TICK);
        long standstill = 100_000 * TICK;
        // What the loop does first when it goes on is done by the time of the last sweep.
        deadlines.setAfter(during, 10 * TICK);
        deadlines.sweep(now + standstill);
        deadlines.setAt(after, now + standstill + 20 * TICK);
        assertThat(fired).isEmpty();
        now += standstill;
        sweepTo(now + 5 * TICK);
        assertThat(fired).isEmpty();
        sweepTo(now + 6 * TICK);
        assertThat(fired).containsExactlyInAnyOrder(before, during);
        sweepTo(now + 8 * TICK);
        assertThat(fired).hasSize(2);
        sweepTo(now + 3 * TICK);
        assertThat(fired).contains(after);
    }

    @Test
    void isDueByTheTickerWhileTheLoopComesRoundSlowly() {
        Entry entry = new Entry();
        deadlines.setAt(entry, 20 * TICK);
        for (int i = 1; i < 10; i++) {
            deadlines.sweep(2L * i * TICK);
        }
        assertThat(fired).isEmpty();
        deadlines.sweep(20 * TICK);
        deadlines.sweep(22 * TICK);
        assertThat(fired).containsExactly(entry);
    }

    @Test
    void agreesWithAnObviousModelWhateverIsDone() {
        long seed = Long.getLong("prop.seed", 42);
        Random random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        long[] due = new long[50];
        for (int i = 0; i < due.length; i++) {
            entries.add(new Entry());
            due[i] = Long.MAX_VALUE;
        }
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(due.length);
            int action = random.nextInt(10);
            if (action < 6) {
                due[i] = now + (long) (random.nextDouble() * 3000 * TICK);
                deadlines.setAt(entries.get(i), due[i]);
            } else if (action < 7) {
                due[i] = Long.MAX_VALUE;
                deadlines.clear(entries.get(i));
            } else {
                fired.clear();
                sweepTo(now + (long) (random.nextDouble() * 40 * TICK));
                for (Entry entry : fired) {
                    int index = entries.indexOf(entry);
                    assertThat(due[index]).as("seed %d step %d", seed, step).isLessThanOrEqualTo(now);
                    due[index] = Long.MAX_VALUE;
                }
                for (long open : due) {
                    assertThat(open).as("seed %d step %d", seed, step).isGreaterThan(now - 2 * TICK);
                }
            }
        }
    }

    /** Sweeps at every tick until then. */
    private void sweepTo(long nanos) {
        while (now < nanos) {
            now = Math.min(now + TICK, nanos);
            deadlines.sweep(now);
        }
    }
}
