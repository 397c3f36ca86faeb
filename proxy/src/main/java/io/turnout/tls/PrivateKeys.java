package io.turnout.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys in the forms that are about: PKCS #8 (RFC 5958), PKCS #1 for RSA (RFC 8017 appendix A.1.2) and
 * SEC 1 for elliptic curves (RFC 5915). Stateless.
 */
final class PrivateKeys {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] RSA = {
        0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };
    private static final byte[] EC_OID = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
    private static final String EXPECTED = "an unencrypted RSA, EC or Ed25519 key in PEM";

    private PrivateKeys() {}

    static PrivateKey read(String file, String label, byte[] content) throws TlsFileException {
        byte[] pkcs8 = switch (label) {
            case "PRIVATE KEY" -> content;
            case "RSA PRIVATE KEY" -> der(SEQUENCE, VERSION_0, RSA, der(OCTET_STRING, content));
            case "EC PRIVATE KEY" -> fromSec1(file, content);
            case "ENCRYPTED PRIVATE KEY" -> throw new TlsFileException(file, "an encrypted key", EXPECTED);
            default -> throw new TlsFileException(file, "a key of the kind " + label, EXPECTED);
        };
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                // Then it is a key of another algorithm, or none at all.
            }
        }
        throw new TlsFileException(file, "a broken key, or one of another kind", EXPECTED);
    }

    private static byte[] fromSec1(String file, byte[] content) throws TlsFileException {
        byte[] curve = curve(content);
        if (curve == null) {
            throw new TlsFileException(file, "an EC key that does not name its curve", EXPECTED);
        }
        return der(SEQUENCE, VERSION_0, der(SEQUENCE, EC_OID, curve), der(OCTET_STRING, content));
    }

    /** The content of {@code parameters [0]} in an ECPrivateKey; null when it is not there. */
    private static byte @Nullable [] curve(byte[] sec1) {
        int[] outer = element(sec1, 0, sec1.length);
        if (outer == null || (sec1[0] & 0xff) != SEQUENCE) {
            return null;
        }
        int at = outer[0];
        while (at < outer[1]) {
            int[] inner = element(sec1, at, outer[1]);
            if (inner == null) {
                return null;
            }
            if ((sec1[at] & 0xff) == PARAMETERS) {
                return java.util.Arrays.copyOfRange(sec1, inner[0], inner[1]);
            }
            at = inner[1];
        }
        return null;
    }

    /** Where the content of the element at this place begins and ends; null when it does not fit. */
    private static int @Nullable [] element(byte[] der, int at, int end) {
        if (at + 2 > end) {
            return null;
        }
        int length = der[at + 1] & 0xff;
        int start = at + 2;
        if (length > 0x80) {
            int octets = length & 0x7f;
            if (octets > 3 || start + octets > end) {
                return null;
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | (der[start + i] & 0xff);
            }
            start += octets;
        }
        return start + length > end ? null : new int[] {start, start + length};
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /** Whether what one signs the other verifies. */
    static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        byte[] words = new byte[32];
        new SecureRandom().nextBytes(words);
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(words);
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(publicKey);
            verifying.update(words);
            return verifying.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
