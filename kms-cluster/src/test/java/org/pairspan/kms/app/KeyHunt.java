package org.pairspan.kms.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.collections.LongHashSet;

/**
 * Looks for keys in files: for each half of each key (16 bytes), raw, in hex of both cases, and in Base64 of both alphabets wherever in a
 * longer text it begins. Whoever wrote a whole key wrote its halves.
 */
final class KeyHunt {

    private static final int HALF = 16;

    private final LongHashSet beginnings = new LongHashSet();
    private final Map<Long, List<byte[]>> needles = new HashMap<>();

    KeyHunt(Collection<byte[]> keys) {
        for (byte[] key : keys) {
            for (int offset = 0; offset + HALF <= key.length; offset += HALF) {
                addForms(Arrays.copyOfRange(key, offset, offset + HALF));
            }
        }
    }

    private void addForms(byte[] half) {
        add(half);
        add(HexFormat.of().formatHex(half));
        add(HexFormat.of().withUpperCase().formatHex(half));
        for (int before = 0; before < 3; before++) {
            byte[] text = Arrays.copyOf(new byte[before], before + HALF);
            System.arraycopy(half, 0, text, before, HALF);
            // Only characters whose six bits all come from the key.
            int from = (before * 8 + 5) / 6;
            int to = (before + HALF) * 8 / 6;
            add(Base64.getEncoder().encodeToString(text).substring(from, to));
            add(Base64.getUrlEncoder().encodeToString(text).substring(from, to));
        }
    }

    private void add(String needle) {
        add(needle.getBytes(StandardCharsets.US_ASCII));
    }

    private void add(byte[] needle) {
        long beginning = ByteBuffer.wrap(needle).getLong();
        beginnings.add(beginning);
        needles.computeIfAbsent(beginning, none -> new ArrayList<>()).add(needle);
    }

    /** The files below a folder in which a key was found, each with the place. */
    List<String> in(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                search(file, found);
            }
        }
        return found;
    }

    private void search(Path file, List<String> found) throws IOException {
        byte[] content;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            content = in.readAllBytes();
        } catch (NoSuchFileException e) {
            // A running database takes files away; what was in it is gone.
            return;
        }
        long window = 0;
        for (int i = 0; i < content.length; i++) {
            window = window << 8 | content[i] & 0xff;
            int begin = i - Long.BYTES + 1;
            if (begin >= 0 && beginnings.contains(window) && stands(content, begin, window)) {
                found.add(file + " at " + begin);
            }
        }
    }

    private boolean stands(byte[] content, int begin, long beginning) {
        return needles.get(beginning).stream().anyMatch(needle -> begin + needle.length <= content.length
                && Arrays.equals(needle, 0, needle.length, content, begin, begin + needle.length));
    }
}
