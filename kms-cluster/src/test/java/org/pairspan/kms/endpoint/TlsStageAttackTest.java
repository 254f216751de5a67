package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stage against peers that misuse what they may say once they are known. */
class TlsStageAttackTest extends AttackedStageFixture {

    @Test
    void keysAreUpdatedAsOftenAsThePeerWantsBetweenItsWords() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            for (int round = 0; round < 50; round++) {
                member.update(round % 2 == 0);
                AttackedStage.assertEchoes(member);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void updatesOfKeysWithoutEndEndTheConnection(boolean requested) throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            AttackedStage.assertEchoes(member);
            for (int i = 0; i <= TlsRecords.MOST_EMPTY; i++) {
                member.update(requested);
            }
            member.send();
            assertTrue(stage.refusal().getMessage().contains("bring nothing"));
            AttackedStage.assertNoMore(member);
            stage.assertConnectionOver();
        }
    }

    @Test
    void updatesOfKeysAreCountedHoweverTheyAreCut() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            AttackedStage.assertEchoes(member);
            ByteArrayOutputStream records = new ByteArrayOutputStream();
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i <= TlsRecords.MOST_EMPTY; i++) {
                member.update(false);
                records.writeBytes(member.said());
                ends.add(records.size());
            }
            int from = 0;
            for (int end : ends) {
                // Each write has the first byte of the next record, too.
                int to = Math.min(end + 1, records.size());
                member.socket().getOutputStream().write(records.toByteArray(), from, to - from);
                from = to;
            }
            assertTrue(stage.refusal().getMessage().contains("bring nothing"));
            stage.assertConnectionOver();
        }
    }

    @Test
    void emptyRecordsAndWarningsWithoutEndEndTheConnection() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            for (int i = 0; i < TlsRecords.MOST_EMPTY; i++) {
                member.record(ContentType.application_data);
            }
            AttackedStage.assertEchoes(member);
            for (int i = 0; i <= TlsRecords.MOST_EMPTY; i++) {
                member.record(ContentType.alert, (byte) AlertLevel.warning, (byte) AlertDescription.user_canceled);
            }
            member.send();
            assertTrue(stage.refusal().getMessage().contains("bring nothing"));
            stage.assertConnectionOver();
        }
    }

    @Test
    void aHandshakeAfterTheHandshakeIsRefused() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            AttackedStage.assertEchoes(member);
            // The beginning of a ClientHello of TLS 1.2.
            byte[] hello = new byte[64];
            hello[0] = 1;
            hello[3] = 60;
            hello[4] = 3;
            hello[5] = 3;
            member.record(ContentType.handshake, hello);
            member.send();
            stage.refusal();
            AttackedStage.assertNoMore(member);
            stage.assertConnectionOver();
        }
    }

    @Test
    void aFatalAlertEndsTheConnection() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            AttackedStage.assertEchoes(member);
            member.record(ContentType.alert, (byte) AlertLevel.fatal, (byte) AlertDescription.internal_error);
            member.send();
            stage.refusal();
            stage.assertConnectionOver();
        }
    }
}
