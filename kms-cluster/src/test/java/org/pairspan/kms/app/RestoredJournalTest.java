package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.postgres.PostgresServer;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.tls.TlsContexts;

/** The operator's worst day: the journal is lost, and its back-up is older than what members have been told since. */
@Timeout(240)
class RestoredJournalTest {

    private static final List<String> MEMBERS = List.of("anna", "bert", "carl");

    @TempDir
    Path folder;
    private Installation installation;
    private final List<TlsContexts> identities = new ArrayList<>();
    private int incarnations;

    /** The journal's database as its operator sees it. */
    private interface Store {

        /** The back-up of the operator's handbook, while the key server runs. */
        void backUp() throws Exception;

        /** The back-up takes the journal's place; no key server runs. */
        void restore() throws Exception;
    }

    @Test
    void anOldCopyOfTheEmbeddedJournalGivesNoGenerationAgain() throws Exception {
        prepare("");
        Path journal = folder.resolve("journal.db");
        Path copy = folder.resolve("copy.db");
        restoredAfterMoreWasHandedOut(new Store() {
            @Override
            public void backUp() throws Exception {
                try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + journal); Statement statement = connection.createStatement()) {
                    statement.execute("VACUUM INTO '" + copy + "'");
                }
            }

            @Override
            public void restore() throws IOException {
                for (String companion : List.of("", "-wal", "-shm")) {
                    Files.deleteIfExists(Path.of(journal + companion));
                }
                Files.move(copy, journal);
            }
        });
    }

    @Test
    void anOldCopyOfPostgresqlGivesNoGenerationAgain() throws Exception {
        try (PostgresServer postgres = PostgresServer.start(folder.resolve("postgres"))) {
            assumeTrue(Files.isExecutable(postgres.programs().resolve("pg_dump")), "pg_dump comes with the distribution's PostgreSQL");
            execute(postgres, "CREATE DATABASE pairspan");
            prepare("pairspan.kms.journal { url = \"jdbc:postgresql://%s/pairspan\", user = \"%s\", password = \"%s\" }%n"
                    .formatted(postgres.address(), postgres.user(), postgres.password()));
            Path copy = folder.resolve("copy.dump");
            restoredAfterMoreWasHandedOut(new Store() {
                @Override
                public void backUp() throws Exception {
                    run(postgres, "pg_dump", "--format=custom", "--file=" + copy, "pairspan");
                }

                @Override
                public void restore() throws Exception {
                    execute(postgres, "DROP DATABASE pairspan WITH (FORCE)");
                    execute(postgres, "CREATE DATABASE pairspan");
                    run(postgres, "pg_restore", "--exit-on-error", "--dbname=pairspan", copy.toString());
                }
            });
        }
    }

    private void prepare(String journal) throws IOException {
        // A name that no other test's server has: the class need not be @InTurn, and its long waits run beside other servers.
        installation = new Installation(folder, KeyKind.ECDSA_P256, 1, "restored");
        for (int i = 0; i < MEMBERS.size(); i++) {
            identities.add(installation.member(MEMBERS.get(i), prefix(i)));
        }
        Files.writeString(installation.configuration(0), journal + "pairspan.kms.member-link.registration-timeout = 1 m\n", StandardOpenOption.APPEND);
    }

    private void restoredAfterMoreWasHandedOut(Store store) throws Exception {
        Association copied;
        Association renewed;
        Association lost;
        try (KeyServer server = KeyServer.start(installation.configuration(0), System.out::println)) {
            List<MemberClient> members = connect();
            copied = ask(members, 0, 1, 0);
            store.backUp();
            renewed = ask(members, 0, 1, copied.getGeneration());
            assertTrue(renewed.getGeneration() > copied.getGeneration());
            lost = ask(members, 1, 2, 0);
            close(members);
        }
        store.restore();
        Files.writeString(installation.configuration(0), "pairspan.kms.journal.lost-version = " + lost.getKeyVersion() + '\n', StandardOpenOption.APPEND);
        try (KeyServer server = KeyServer.start(installation.configuration(0), System.out::println)) {
            List<MemberClient> members = connect();
            Association again = ask(members, 0, 1, 0);
            assertEquals(copied.getPairKey(), again.getPairKey());
            assertTrue(again.getGeneration() > renewed.getGeneration(), "a generation that the copy has forgotten was given again");
            assertEquals(again.getGeneration(), ask(members, 1, 0, 0).getGeneration());

            Association anew = ask(members, 1, 2, 0);
            assertNotEquals(lost.getPairKey(), anew.getPairKey());
            assertTrue(anew.getKeyVersion() > lost.getKeyVersion(), "one number of a version for two keys");
            assertTrue(anew.getGeneration() > lost.getGeneration());
            assertEquals(anew.getPairKey(), ask(members, 2, 1, 0).getPairKey());
            close(members);
        }
    }

    /** As other processes than before: the handbook says that members are to be restarted. */
    private List<MemberClient> connect() throws IOException {
        List<MemberClient> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS.size(); i++) {
            MemberClient member = new MemberClient(identities.get(i), installation.memberLink(0), ++incarnations);
            assertTrue(member.register(List.of(prefix(i)), 1).hasRegistered());
            members.add(member);
        }
        return members;
    }

    private static String prefix(int member) {
        return "10." + member + ".0.0/16";
    }

    private static Association ask(List<MemberClient> members, int one, int other, long above) throws IOException {
        ServiceFrame answer = members.get(one).request("10." + other + ".0.1", above);
        assertTrue(answer.hasKeyGrant(), answer::toString);
        return answer.getKeyGrant().getAssociation();
    }

    private static void close(List<MemberClient> members) throws IOException {
        for (MemberClient member : members) {
            member.close();
        }
    }

    private static void execute(PostgresServer postgres, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void run(PostgresServer postgres, String program, String... arguments) throws Exception {
        String[] address = postgres.address().split(":");
        List<String> command = new ArrayList<>(List.of(postgres.programs().resolve(program).toString(), "--host=" + address[0], "--port=" + address[1],
                "--username=" + postgres.user()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("PGPASSWORD", postgres.password());
        assertEquals(0, builder.start().waitFor());
    }
}
