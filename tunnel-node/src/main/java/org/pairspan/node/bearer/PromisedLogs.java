package org.pairspan.node.bearer;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.buffer.FileStoreLogFactory;
import io.aeron.driver.buffer.LogFactory;
import io.aeron.driver.buffer.RawLog;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.aeron.exceptions.StorageSpaceException;
import java.io.File;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes the files of all of Aeron's streams, ours and peers', each with a promise of {@link StreamMemory}, which lasts as long as the file. So
 * there is no way to a stream beside it.
 */
final class PromisedLogs implements LogFactory {
    private final StreamMemory memory;
    /** Null before the driver is launched, which makes what this needs. */
    private LogFactory files;

    PromisedLogs(StreamMemory memory) {
        this.memory = memory;
    }

    /**
     * Has a driver make its streams so. There is no public setting for it.
     *
     * @param context of a driver that is not launched.
     * @return the same context.
     * @throws IllegalStateException if this version of Aeron makes its streams otherwise.
     */
    MediaDriver.Context installAt(MediaDriver.Context context) {
        try {
            Method factory = MediaDriver.Context.class.getDeclaredMethod("logFactory", LogFactory.class);
            factory.setAccessible(true);
            return (MediaDriver.Context) factory.invoke(context, this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Aeron makes its streams otherwise than the one it was written for", e);
        }
    }

    /** The driver is launched, and has no streams yet. Its own files count, too: they take their memory as they use it. */
    void open(MediaDriver.Context context) {
        for (File file : context.aeronDirectory().listFiles(File::isFile)) {
            memory.promise(file.getPath(), file.length());
        }
        files = new FileStoreLogFactory(context.aeronDirectoryName(), context.filePageSize(), false, 0, context.errorHandler(),
                context.systemCounters().get(SystemCounterDescriptor.BYTES_CURRENTLY_MAPPED));
    }

    @Override
    public RawLog newPublication(long correlationId, int termLength, boolean sparse) {
        demandRoom(termLength);
        return new PromisedLog(files.newPublication(correlationId, termLength, sparse), memory);
    }

    @Override
    public RawLog newImage(long correlationId, int termLength, boolean sparse) {
        demandRoom(termLength);
        return new PromisedLog(files.newImage(correlationId, termLength, sparse), memory);
    }

    private void demandRoom(int termLength) {
        if (!memory.hasRoom(termLength)) {
            throw new StorageSpaceException("no room for a stream with terms of " + termLength + " bytes");
        }
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private static final class PromisedLog implements RawLog {
        private final RawLog log;
        private final StreamMemory memory;
        private final StreamMemory.Promise promise;

        PromisedLog(RawLog log, StreamMemory memory) {
            this.log = log;
            this.memory = memory;
            this.promise = memory.promise(log.fileName(), StreamMemory.bytes(log.termLength()));
        }

        /** The client may have the file mapped for seconds more, but writes no more: what it has taken is not free until then. */
        @Override
        public boolean free() {
            boolean gone = log.free();
            if (gone) {
                memory.giveBack(promise);
            }
            return gone;
        }

        @Override
        public void close() {
            log.close();
            memory.giveBack(promise);
        }

        @Override
        public int termLength() {
            return log.termLength();
        }

        @Override
        public UnsafeBuffer[] termBuffers() {
            return log.termBuffers();
        }

        @Override
        public UnsafeBuffer metaData() {
            return log.metaData();
        }

        @Override
        public ByteBuffer[] sliceTerms() {
            return log.sliceTerms();
        }

        @Override
        public String fileName() {
            return log.fileName();
        }
    }
}
