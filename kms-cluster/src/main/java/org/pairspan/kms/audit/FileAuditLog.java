package org.pairspan.kms.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * Audit records as JSON lines appended to a file, mode 600. One thread of its own writes; at most {@link #MAX_WAITING} records wait for
 * it, further ones fail at once.
 */
public final class FileAuditLog implements AuditLog, AutoCloseable {

    private static final int MAX_WAITING = 10_000;

    private final JsonFactory json = new JsonFactory();
    private final FileChannel channel;
    private final boolean sync;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING), Thread.ofPlatform().name("audit").daemon(true).factory());

    private FileAuditLog(FileChannel channel, boolean sync) {
        this.channel = channel;
        this.sync = sync;
    }

    /**
     * Opens the log for appending; what is there stays.
     *
     * @throws ConfigurationException where it cannot be opened
     */
    public static FileAuditLog open(KmsSettings.Audit settings) {
        Path file = settings.file();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new FileAuditLog(channel, settings.sync());
        } catch (IOException e) {
            throw new ConfigurationException("pairspan.kms.audit.file", file.toString(), "must be a file this process can append to",
                    "check path and permissions: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionStage<Void> write(AuditRecord record) {
        try {
            return CompletableFuture.runAsync(() -> append(record), writer);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new IOException("the audit log is closed or " + MAX_WAITING + " records behind", e));
        }
    }

    private void append(AuditRecord record) {
        try {
            ByteBuffer line = ByteBuffer.wrap(line(record));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            if (sync) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the audit record could not be written", e);
        }
    }

    /** One JSON object and a line feed. */
    byte[] line(AuditRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = json.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeStringField("time", record.time().toString());
            generator.writeStringField("event", record.event().word());
            generator.writeStringField("actor", record.actor().toString());
            writeUnlessNull(generator, "member", record.member());
            writeUnlessNull(generator, "peer", record.peer());
            if (record.keyVersion() > 0) {
                generator.writeNumberField("key_version", record.keyVersion());
            }
            if (record.generation() > 0) {
                generator.writeNumberField("generation", record.generation());
            }
            writeUnlessNull(generator, "from", text(record.from()));
            generator.writeStringField("result", record.result());
            generator.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static void writeUnlessNull(JsonGenerator generator, String name, String value) throws IOException {
        if (value != null) {
            generator.writeStringField(name, value);
        }
    }

    private static String text(InetSocketAddress address) {
        return address == null ? null : address.getAddress().getHostAddress() + ':' + address.getPort();
    }

    /** Writes what waits, then closes the file. */
    @Override
    public void close() throws IOException {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
