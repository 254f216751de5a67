package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end: with a farewell, without one, and with peers that do not read. */
class TlsStageEndTest extends AttackedStageFixture {

    @Test
    void aPeerThatSaysFarewellIsAnsweredAndAllItSaidBeforeArrives() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            member.say(AttackedStage.WORD);
            member.record(ContentType.alert, (byte) AlertLevel.warning, (byte) AlertDescription.close_notify);
            member.say(AttackedStage.WORD);
            member.send();
            assertEquals(Done.getInstance(), stage.inputEnd());
            AttackedStage.assertNoMore(member);
            stage.assertConnectionOver();
        }
    }

    @Test
    void aConnectionThatIsCutOffIsNoFarewell() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            AttackedStage.assertEchoes(member);
            member.socket().shutdownOutput();
            assertTrue(stage.refusal().getMessage().contains("without a farewell"));
            stage.assertConnectionOver();
        }
    }

    @Test
    void aConnectionThatIsCutOffWithinARecordIsNoFarewell() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            member.say(AttackedStage.WORD);
            byte[] record = member.said();
            member.socket().getOutputStream().write(record, 0, record.length - 1);
            member.socket().shutdownOutput();
            assertTrue(stage.refusal().getMessage().contains("without a farewell"));
            stage.assertConnectionOver();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatNeverReadsDoesNotKeepTheConnectionPastItsEnd(boolean hangsUp) throws Exception {
        ByteString much = ByteString.fromArrayUnsafe(new byte[60_000]);
        InetSocketAddress address = stage.serve(Flow.fromSinkAndSource(Sink.ignore(), Source.repeat(much).take(1_000)
                .map(ByteString::toArray)
                .takeWithin(Duration.ofMillis(300))));
        try (RawMember member = stage.connect(address)) {
            if (hangsUp) {
                member.socket().shutdownOutput();
            }
            stage.assertConnectionOver();
        }
    }

    @Test
    void aPeerThatNeverReadsTheAnswersToItsUpdatesIsNotHeardEither() throws Exception {
        try (RawMember member = stage.connect(stage.echo())) {
            byte[] half = new byte[8_000];
            member.socket().setSendBufferSize(64 << 10);
            Thread writer = Thread.ofVirtual().start(() -> assertThrows(IOException.class, () -> {
                while (true) {
                    member.update(true);
                    member.say(half);
                    member.send();
                }
            }));
            // What is on the way in both directions is all there is: a few MiB, and the writer waits.
            assertTrue(!writer.join(Duration.ofSeconds(1)), "all was taken");
            member.socket().close();
            assertTrue(writer.join(AttackedStage.PATIENCE));
            stage.assertConnectionOver();
        }
    }
}
