package org.pairspan.kms.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.config.JournalAccess;
import org.pairspan.kms.journal.Journal;

/** An entity whose state is the texts it was told, with a snapshot of every third. */
class GroupedJournalTest {

    @TempDir
    Path folder;
    private ActorTestKit testKit;
    private TestProbe<String> probe;

    private record Say(String text, ActorRef<String> replyTo) {
    }

    private static final class Listener extends EventSourcedBehavior<Say, String, String> {

        private Listener() {
            super(PersistenceId.ofUniqueId("listener"));
        }

        @Override
        public String emptyState() {
            return "";
        }

        @Override
        public CommandHandler<Say, String, String> commandHandler() {
            return newCommandHandlerBuilder().forAnyState()
                    .onCommand(Say.class, (state, say) -> Effect().persist(say.text()).thenReply(say.replyTo(), after -> after))
                    .build();
        }

        @Override
        public EventHandler<String, String> eventHandler() {
            return newEventHandlerBuilder().forAnyState().onEvent(String.class, (state, text) -> state + text).build();
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return RetentionCriteria.snapshotEvery(3, 1).withDeleteEventsOnSnapshot();
        }
    }

    @BeforeEach
    void start() {
        JournalAccess access = new JournalAccess(folder.resolve("journal.db"), null, null, null, true, 0, null);
        testKit = ActorTestKit.create(Journal.open(access).pekkoConfig()
                .withFallback(ConfigFactory.parseResources(GroupedJournal.class.getClassLoader(), "pairspan-kms.conf").withoutPath("pekko.actor")
                        .withoutPath("pekko.remote").withoutPath("pekko.loggers").withoutPath("pekko.logging-filter"))
                .withFallback(ConfigFactory.parseString("pekko.actor.serialization-bindings { \"java.lang.String\" = primitive-string }"))
                .withFallback(ConfigFactory.load()).resolve());
        probe = testKit.createTestProbe();
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void anEntityComesBackAsItWasFromEventsAndSnapshots() {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            ActorRef<Say> listener = testKit.spawn(new Listener());
            expected.append(i);
            listener.tell(new Say(Integer.toString(i), probe.ref()));
            probe.expectMessage(expected.toString());
            testKit.stop(listener);
        }
    }

    @Test
    void anEventTellsWhenItWasWritten() throws Exception {
        long before = System.currentTimeMillis();
        testKit.spawn(new Listener()).tell(new Say("x", probe.ref()));
        probe.receiveMessage(Duration.ofSeconds(10));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT write_timestamp, sequence_number FROM event_journal")) {
            assertTrue(row.next());
            assertTrue(row.getLong(1) >= before && row.getLong(1) <= System.currentTimeMillis());
            assertEquals(1, row.getLong(2));
        }
    }
}
