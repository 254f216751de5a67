package org.pairspan.protocol.crypto;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Published test vectors, one a line: id, result and fields in hexadecimal between bars; lines with # in front are comments. */
final class VectorFile {
    /** One vector; {@code fields} in the order of the file's own comment. */
    record Vector(int id, boolean valid, List<byte[]> fields) {
        byte[] field(int index) {
            return fields.get(index);
        }

        @Override
        public String toString() {
            return "vector " + id + (valid ? " valid" : " invalid");
        }
    }

    private VectorFile() {
    }

    static List<Vector> read(String name) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            VectorFile.class.getResourceAsStream(name), StandardCharsets.US_ASCII))) {
            return reader.lines().filter(line -> !line.startsWith("#")).map(VectorFile::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vector parse(String line) {
        String[] parts = line.split("\\|", -1);
        List<byte[]> fields = List.of(parts).subList(2, parts.length).stream().map(HexFormat.of()::parseHex).toList();
        return new Vector(Integer.parseInt(parts[0]), parts[1].equals("valid"), fields);
    }
}
