package org.pairspan.cli.ctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pairspan.cli.failure.CommandFailure;
import org.pairspan.kms.policy.document.PolicyDocument;

/** Reads the file of a policy. */
final class PolicyFile {

    private PolicyFile() {
    }

    /** @throws CommandFailure where it can't be read, is too long, or is not UTF-8 */
    static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(PolicyDocument.MAX_BYTES + 1);
            if (bytes.length > PolicyDocument.MAX_BYTES) {
                throw new CommandFailure(file + " is longer than a policy may be, " + PolicyDocument.MAX_BYTES + " bytes. Use groups and patterns");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new CommandFailure(file + " is not UTF-8. Save it as UTF-8", e);
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e, e);
        }
    }
}
