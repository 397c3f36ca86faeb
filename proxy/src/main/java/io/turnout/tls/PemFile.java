package io.turnout.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads PEM files (RFC 7468). Stateless; blocks, so it is not for event loops. */
final class PemFile {
    /** The largest bundles of authorities in use have some 250 KiB. */
    private static final long LARGEST_BYTES = 4 << 20;

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    private PemFile() {}

    /** One armoured block. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Block(String label, byte[] content) {}

    /** The certificates of a file in its order; at least one. */
    static List<X509Certificate> certificates(String file) throws TlsFileException {
        List<X509Certificate> found = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
                found.add(certificate(file, block.content));
            }
        }
        if (found.isEmpty()) {
            throw new TlsFileException(file, "no certificate", "a PEM file with BEGIN CERTIFICATE");
        }
        return found;
    }

    private static X509Certificate certificate(String file, byte[] content) throws TlsFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (CertificateException e) {
            throw new TlsFileException(file, "a broken certificate", "X.509 certificates in PEM");
        }
    }

    /** The first private key of a file. */
    static PrivateKey key(String file) throws TlsFileException {
        for (Block block : blocks(file)) {
            if (block.label.endsWith("PRIVATE KEY")) {
                return PrivateKeys.read(file, block.label, block.content);
            }
        }
        throw new TlsFileException(file, "no private key", "a PEM file with BEGIN PRIVATE KEY");
    }

    /** A file as it is, for instance a stapled answer in DER. */
    static byte[] bytes(String file) throws TlsFileException {
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                throw new TlsFileException(file, "a folder", "a readable file");
            }
            // A device or a pipe would never end, or never begin.
            if (Files.exists(path) && (!Files.isRegularFile(path) || Files.size(path) > LARGEST_BYTES)) {
                throw new TlsFileException(file, "something else", "a regular file of at most 4 MiB");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file, "no such file", "a readable file");
        } catch (AccessDeniedException e) {
            throw new TlsFileException(file, "a file that may not be read", "a readable file");
        } catch (IOException | InvalidPathException e) {
            throw new TlsFileException(
                    file, "a file that cannot be read (" + e.getClass().getSimpleName() + ")", "a readable file");
        }
    }

    private static List<Block> blocks(String file) throws TlsFileException {
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            int end = text.indexOf("-----END " + label + DASHES, at);
            if (labelEnd < 0 || end < 0) {
                throw new TlsFileException(file, "a block that does not end", "whole PEM blocks");
            }
            blocks.add(new Block(label, decoded(file, text.substring(labelEnd + DASHES.length(), end))));
            at = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    private static byte[] decoded(String file, String armour) throws TlsFileException {
        StringBuilder plain = new StringBuilder(armour.length());
        armour.lines().filter(line -> line.indexOf(':') < 0).forEach(line -> plain.append(line.strip()));
        try {
            return Base64.getDecoder().decode(plain.toString());
        } catch (IllegalArgumentException e) {
            throw new TlsFileException(file, "a block that is not base64", "whole PEM blocks");
        }
    }
}
