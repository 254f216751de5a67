package org.pairspan.cli.ctl;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.pairspan.cli.failure.CommandFailure;

/** Passphrases and shares of operators, typed on a terminal without echo, or from files. What is returned is the caller's to wipe. */
final class TypedSecrets {
    /** Characters of a share, without what separates its groups. */
    private static final int SHARE_CHARACTERS = 90;

    private TypedSecrets() {
    }

    /** Whether a person can be asked. */
    static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /** A passphrase that is made up now; on a terminal it is typed twice. */
    static byte[] newPassphrase(Path file) {
        byte[] first = SecretInput.read(file, "new passphrase");
        if (file == null && isTerminal()) {
            byte[] second = SecretInput.read(null, "the same again");
            boolean same = Arrays.equals(first, second);
            Arrays.fill(second, (byte) 0);
            if (!same) {
                Arrays.fill(first, (byte) 0);
                throw new CommandFailure("the two passphrases differ; nothing was done");
            }
        }
        return first;
    }

    /** One share; on a terminal it may be typed in several lines. */
    static byte[] share(Path file, String name) {
        if (file != null || !isTerminal()) {
            return SecretInput.read(file, name);
        }
        WipedBytes typed = new WipedBytes();
        while (typed.characters() < SHARE_CHARACTERS) {
            byte[] line = SecretInput.read(null, typed.characters() == 0 ? name : "  " + typed.characters() / 5 + " groups typed, go on");
            typed.add(line);
        }
        return typed.take();
    }

    /** Shares of one key, with semicolons between them, until there are as many as the first one says. */
    static byte[] shares(List<Path> files, String name, ShareThreshold threshold) {
        WipedBytes all = new WipedBytes();
        int needed = files.isEmpty() ? Integer.MAX_VALUE : files.size();
        for (int number = 1; number <= needed; number++) {
            byte[] share = share(files.isEmpty() ? null : files.get(number - 1), name + " " + number);
            if (files.isEmpty()) {
                needed = isTerminal() ? threshold.of(share) : 1;
            }
            if (number > 1) {
                all.add(new byte[] {';'});
            }
            all.add(share);
        }
        return all.take();
    }

    /** Tells how many shares are needed. */
    @FunctionalInterface
    interface ShareThreshold {
        int of(byte[] share);
    }

    /** Grows, and leaves nothing behind. */
    private static final class WipedBytes extends ByteArrayOutputStream {

        WipedBytes() {
            super(SecretInput.MAX_LENGTH);
        }

        void add(byte[] bytes) {
            if (size() + bytes.length > SecretInput.MAX_LENGTH) {
                Arrays.fill(buf, (byte) 0);
                throw new CommandFailure("more than " + SecretInput.MAX_LENGTH + " bytes were typed");
            }
            writeBytes(bytes);
            Arrays.fill(bytes, (byte) 0);
        }

        int characters() {
            int characters = 0;
            for (int i = 0; i < size(); i++) {
                characters += buf[i] == '-' || Character.isWhitespace(buf[i]) ? 0 : 1;
            }
            return characters;
        }

        byte[] take() {
            byte[] bytes = toByteArray();
            Arrays.fill(buf, (byte) 0);
            return bytes;
        }
    }
}
