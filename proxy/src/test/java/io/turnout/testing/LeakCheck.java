package io.turnout.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the tests when something counted was lost: buffers, and the native memory of TLS engines and contexts. After
 * every class for what has been noticed so far, and thoroughly after the last one. In force for all classes, by service.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final Namespace OURS = Namespace.create(LeakCheck.class);
    private static final int COLLECTIONS = 5;

    private static final int NOTICE_MILLIS = 1000;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(OURS).getOrComputeIfAbsent(LastCheck.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Detector.assertNoLeaks("by the end of " + context.getDisplayName());
    }

    /** Made with the first class, closed after the last. */
    static final class LastCheck implements AutoCloseable {
        @Override
        public void close() {
            assertNothingLost("by the end of all tests");
        }
    }

    /** Collects garbage until everything that is lost by now has been noticed. */
    public static void assertNothingLost(String when) {
        for (int i = 0; i < COLLECTIONS; i++) {
            collect();
            Detector.lookAgain();
        }
        Detector.assertNoLeaks(when);
    }

    /** Until the collector has told of something that nobody holds any more, or for a second. */
    private static void collect() {
        ReferenceQueue<Object> told = new ReferenceQueue<>();
        Reference<Object> witness = new PhantomReference<>(new Object(), told);
        System.gc();
        try {
            told.remove(NOTICE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Reference.reachabilityFence(witness);
        }
    }

    /**
     * Keeps what Netty only logs; by {@code io.netty.customResourceLeakDetector}.
     *
     * @param <T> what is counted
     */
    public static final class Detector<T> extends ResourceLeakDetector<T> {
        private static final List<Detector<?>> ALL = new CopyOnWriteArrayList<>();
        private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

        /** Made by Netty, one for each class of things that are counted. */
        public Detector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
            ALL.add(this);
        }

        /** The same; Netty complains where this is missing. */
        public Detector(Class<?> resource, int samplingInterval, long unused) {
            this(resource, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            LEAKS.add(resource + records);
            super.reportTracedLeak(resource, records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            LEAKS.add(resource);
            super.reportUntracedLeak(resource);
        }

        /** What the collector has found is told of when the next thing begins to be counted. */
        static void lookAgain() {
            ALL.forEach(Detector::countSomething);
        }

        @SuppressWarnings("unchecked") // nothing is done with it but counting
        private void countSomething() {
            T something = (T) new Object();
            ResourceLeakTracker<T> tracker = track(something);
            if (tracker != null) {
                tracker.close(something);
            }
        }

        static void assertNoLeaks(String when) {
            List<String> found = List.copyOf(LEAKS);
            LEAKS.removeAll(found);
            if (!found.isEmpty()) {
                throw new AssertionError("never released, noticed " + when + ": " + String.join("\n", found));
            }
        }
    }
}
