package io.turnout.config;

import io.turnout.config.shape.Definitions;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.Shape;
import io.turnout.tls.TlsFileCheck;
import io.turnout.tls.TlsFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files of certificates and keys that a configuration names: seen from its folder, and looked at while it is read, so
 * that what is wrong with them is told with the place where they are named.
 */
final class TlsFiles {
    /** The path of such a file; what is made of it is absolute where the folder is known. */
    static final Shape<String> FILE = new FileShape();

    private TlsFiles() {}

    /** A chain and its key. */
    record Pair(String chain, String key, Located keyAt) {}

    /** Trusted authorities. */
    record Authorities(String file) {}

    /** A file that is used as it is. */
    record AsItIs(String file) {}

    /** Looks at every file that was named. */
    static void report(Reading reading, ConfigReader.Moment moment) {
        Instant now = Instant.now();
        for (Reading.Fact<Pair> fact : reading.remembered(Pair.class)) {
            Pair pair = fact.value();
            if (canBeSought(pair.chain) && canBeSought(pair.key)) {
                check(() -> TlsFileCheck.pair(pair.chain, pair.key, now), fact.at(), pair, reading, moment);
            }
        }
        for (Reading.Fact<Authorities> fact : reading.remembered(Authorities.class)) {
            String file = fact.value().file;
            if (canBeSought(file)) {
                check(() -> TlsFileCheck.authorities(file), fact.at(), null, reading, moment);
            }
        }
        for (Reading.Fact<AsItIs> fact : reading.remembered(AsItIs.class)) {
            String file = fact.value().file;
            if (canBeSought(file)) {
                check(() -> TlsFileCheck.readable(file), fact.at(), null, reading, moment);
            }
        }
    }

    /** A relative path leads nowhere when the folder of the configuration is not known. */
    private static boolean canBeSought(String file) {
        return file.startsWith("/");
    }

    /** A look at files. */
    @FunctionalInterface
    private interface Look {
        void take() throws TlsFileException;
    }

    private static void check(Look look, Located at, @Nullable Pair pair, Reading reading, ConfigReader.Moment moment) {
        try {
            look.take();
        } catch (TlsFileException e) {
            Located place = pair != null && e.file().equals(pair.key) ? pair.keyAt : at;
            String found = e.found() + " (" + e.file() + ")";
            if (e.kind() == TlsFileException.Kind.NOT_NOW && moment == ConfigReader.Moment.RUNNING) {
                // A certificate that has run out must not keep anybody from changing something else.
                reading.warning(place, found, e.expected());
            } else {
                reading.error(place, found, e.expected());
            }
        }
    }

    /** A path, relative to the folder of the configuration. */
    private static final class FileShape implements Shape<String> {
        @Override
        public @Nullable String read(Located at, Reading reading) {
            String written = TextShapes.FILE.read(at, reading);
            Path base = reading.base();
            return written == null || base == null
                    ? written
                    : base.toAbsolutePath().resolve(written).normalize().toString();
        }

        @Override
        public Object write(String value) {
            return TextShapes.FILE.write(value);
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return TextShapes.FILE.schema(definitions);
        }

        @Override
        public String expected() {
            return TextShapes.FILE.expected();
        }

        @Override
        public String typeName() {
            return TextShapes.FILE.typeName();
        }
    }
}
