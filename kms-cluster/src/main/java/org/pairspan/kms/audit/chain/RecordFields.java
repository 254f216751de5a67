package org.pairspan.kms.audit.chain;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.runtime.config.HostPort;

/** The fields of a record, in their order. */
final class RecordFields {

    private RecordFields() {
    }

    static void write(JsonGenerator generator, AuditRecord record) throws IOException {
        begin(generator, record.time(), record.event().word(), record.actor().toString());
        text(generator, "member", record.member());
        text(generator, "peer", record.peer());
        if (record.keyVersion() > 0) {
            generator.writeNumberField("key_version", record.keyVersion());
        }
        if (record.generation() > 0) {
            generator.writeNumberField("generation", record.generation());
        }
        text(generator, "from", text(record.from()));
        text(generator, "result", record.result());
    }

    static void begin(JsonGenerator generator, Instant time, String event, String actor) throws IOException {
        generator.writeStringField("time", time.toString());
        generator.writeStringField("event", event);
        text(generator, "actor", actor);
    }

    private static void text(JsonGenerator generator, String name, String value) throws IOException {
        if (value != null) {
            generator.writeStringField(name, bounded(value));
        }
    }

    /** Cut to what a line has room for; what is no character of Unicode has no form in JSON. */
    private static String bounded(String value) {
        if (value.length() <= AuditRecord.MAX_TEXT && value.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) {
            return value;
        }
        StringBuilder text = new StringBuilder(Math.min(value.length(), AuditRecord.MAX_TEXT));
        value.codePoints().limit(AuditRecord.MAX_TEXT)
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private static String text(InetSocketAddress address) {
        return address == null ? null : HostPort.text(address);
    }
}
