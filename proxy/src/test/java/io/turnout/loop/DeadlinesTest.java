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
        deadlines.set(entry, 10 * TICK + 3);
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
        deadlines.set(later, 5 * TICK);
        deadlines.set(later, 50 * TICK);
        deadlines.set(earlier, 50 * TICK);
        deadlines.set(earlier, 5 * TICK);
        sweepTo(20 * TICK);
        assertThat(fired).containsExactly(earlier);
        sweepTo(60 * TICK);
        assertThat(fired).containsExactly(earlier, later);
    }

    @Test
    void reachesBeyondItsHorizon() {
        Entry entry = new Entry();
        deadlines.set(entry, 5000 * TICK);
        sweepTo(4999 * TICK);
        assertThat(fired).isEmpty();
        sweepTo(5002 * TICK);
        assertThat(fired).containsExactly(entry);
    }

    @Test
    void forgetsWhatIsClearedOrRemoved() {
        Entry cleared = new Entry();
        Entry removed = new Entry();
        deadlines.set(cleared, 5 * TICK);
        deadlines.set(removed, 5 * TICK);
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
            deadlines.set(entry, 5 * TICK);
        }
        // Entries hang newest first: 4 fires first and takes 3 with it.
        entries.get(4).then = () -> deadlines.remove(entries.get(3));
        sweepTo(10 * TICK);
        assertThat(fired).containsExactly(entries.get(4), entries.get(2), entries.get(1), entries.get(0));
    }

    @Test
    void mayBeSetAgainWhileFiring() {
        Entry entry = new Entry();
        deadlines.set(entry, 5 * TICK);
        entry.then = () -> deadlines.set(entry, 20 * TICK);
        sweepTo(10 * TICK);
        entry.then = () -> {};
        sweepTo(30 * TICK);
        assertThat(fired).containsExactly(entry, entry);
    }

    @Test
    void survivesALongStall() {
        Entry entry = new Entry();
        deadlines.set(entry, 7 * TICK);
        deadlines.sweep(100_000 * TICK);
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
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(due.length);
            int action = random.nextInt(10);
            if (action < 6) {
                due[i] = now + (long) (random.nextDouble() * 3000 * TICK);
                deadlines.set(entries.get(i), due[i]);
            } else if (action < 7) {
                due[i] = Long.MAX_VALUE;
                deadlines.clear(entries.get(i));
            } else {
                now += (long) (random.nextDouble() * 40 * TICK);
                fired.clear();
                deadlines.sweep(now);
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

    private void sweepTo(long nanos) {
        deadlines.sweep(nanos);
    }
}
