package org.pairspan.kms.audit.chain;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads line after line, none longer than {@link LineFormat#MAX_LINE}. Does not close what it reads from. */
final class LineReader {

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private long offset;

    LineReader(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER);
    }

    /**
     * The next line without its line feed; null at the end.
     *
     * @throws MalformedLineException where it is too long, or the file ends within it
     */
    byte[] next() throws IOException, MalformedLineException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                offset += line.size() + 1L;
                return line.toByteArray();
            }
            line.write(octet);
            if (line.size() >= LineFormat.MAX_LINE) {
                throw new MalformedLineException("a line longer than " + LineFormat.MAX_LINE + " bytes");
            }
        }
        if (line.size() > 0) {
            throw new MalformedLineException("the file ends within a line: its last record is torn");
        }
        return null;
    }

    /** Where the last whole line ended, bytes from the beginning. */
    long offset() {
        return offset;
    }
}
