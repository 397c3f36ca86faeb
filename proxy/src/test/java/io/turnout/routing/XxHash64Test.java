package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values come from the reference implementation of the algorithm (xxHash 0.8, by its Python binding). */
class XxHash64Test {
    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1",
        "Call me Ishmael. Some years ago--never mind how long precisely-, 02a2e85470d6fd96"
    })
    void hashesTextAsPublished(String text, String expected) {
        assertThat(XxHash64.ofText(text)).isEqualTo(Long.parseUnsignedLong(expected, 16));
    }

    /** Lengths around every internal boundary: 4, 8 and 32 octets. */
    @ParameterizedTest
    @CsvSource({
        "1, 1f25c8d0bc1f4bb6, 4e38da78585833ff",
        "3, 31d2363f52e564c9, db3c6b59a9bf9c25",
        "4, 9bb64b7d66ee9fda, dce74de74556ff94",
        "5, c7608efddb7051fe, f48a58714276bceb",
        "7, 9a7b149959ce60d8, ba5b6f2cc49d11a0",
        "8, dab99d95c6f90092, f66e0ca3301b75a3",
        "9, 170bb6bf975b4c02, 3bd26e7c71c0518e",
        "12, d52e407833af5133, d70ab81030abd2af",
        "13, f78b031308f5bfc8, ae81b8c25f837ef6",
        "31, a2aa5f33cc4a6119, 66f647a52a03a377",
        "32, 23c3c17ef790fd97, 01b323691afef034",
        "33, 50a7cfc7ba588784, 527f3caeff0c9292",
        "36, c0b52b0dcc5e3f7f, 851ad1fea38a226e",
        "63, 5e3e54b431c7493c, ca00b70007169fc7",
        "64, 0eb64b3ef6eeb01f, 34d5a64ae8dc6e9f",
        "65, a383b724b2bd12f1, 43d685ded689f7d4",
        "100, a61f8d4c170fe531, 919ccda367e2a61e",
        "199, f7efd3430a01de39, 206873e20354b43e"
    })
    void hashesEveryKindOfTailAsPublished(int length, String unseeded, String seeded) {
        assertThat(hash(length, 0)).isEqualTo(Long.parseUnsignedLong(unseeded, 16));
        assertThat(hash(length, 0x9E3779B185EBCA8DL)).isEqualTo(Long.parseUnsignedLong(seeded, 16));
    }

    @Test
    void hashesANumberAsItsLittleEndianOctets() {
        Seeded.check(1_000, random -> {
            long value = random.nextLong();
            long seed = random.nextLong();
            var hash = new XxHash64();
            hash.reset(seed);
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                hash.add((int) (value >>> shift));
            }
            assertThat(XxHash64.ofLong(value, seed)).isEqualTo(hash.finish());
        });
    }

    @Test
    void doesNotRememberWhatCameBeforeAReset() {
        var hash = new XxHash64();
        hash.add("something of more than thirty-two octets, to fill a stripe", 0, 40);
        hash.reset(0);
        hash.add("abc", 0, 3);

        assertThat(hash.finish()).isEqualTo(0x44bc2cf5ad770999L);
        assertThat(hash.finish()).as("finishing changes nothing").isEqualTo(0x44bc2cf5ad770999L);
    }

    @Test
    void takesCharactersAsOctets() {
        String text = "Zo\u00c3\u00ab";
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        var characters = new XxHash64();
        characters.add(text, 0, text.length());
        var bytes = new XxHash64();
        bytes.add(octets, 0, octets.length);

        assertThat(characters.finish()).isEqualTo(bytes.finish()).isEqualTo(XxHash64.ofText("Zo\u00eb"));
    }

    private static long hash(int length, long seed) {
        var hash = new XxHash64();
        hash.reset(seed);
        for (int i = 0; i < length; i++) {
            hash.add(i * 7 + 3);
        }
        return hash.finish();
    }
}
