package org.pairspan.kms.audit.chain;

import java.nio.file.Path;
import java.util.function.IntSupplier;

/** Written by the log's thread and by those that offer records, read by JMX. */
final class LogStatus implements AuditMXBean {

    private final Path file;
    private final IntSupplier waiting;
    private Position last = Position.START;
    private long lastCheckpoint;
    private long first = -1;
    private long refusals;
    private String lastFailure = "";

    LogStatus(Path file, IntSupplier waiting) {
        this.file = file;
        this.waiting = waiting;
    }

    synchronized void written(Position position, boolean checkpoint) {
        first = first < 0 ? position.sequence() : first;
        last = position;
        lastCheckpoint = checkpoint ? position.sequence() : lastCheckpoint;
    }

    synchronized void refused(long records, String why) {
        refusals += records;
        lastFailure = why;
    }

    @Override
    public String getFile() {
        return file.toString();
    }

    @Override
    public synchronized long getLastRecord() {
        return last.sequence();
    }

    @Override
    public synchronized String getLastHash() {
        return last.hash();
    }

    @Override
    public synchronized long getLastCheckpoint() {
        return lastCheckpoint;
    }

    @Override
    public synchronized long getWrites() {
        return last.sequence() - Math.max(0, first);
    }

    @Override
    public synchronized long getRefusals() {
        return refusals;
    }

    @Override
    public int getWaiting() {
        return waiting.getAsInt();
    }

    @Override
    public synchronized String getLastFailure() {
        return lastFailure;
    }
}
