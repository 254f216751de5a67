package org.pairspan.kms.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.protocol.address.IpPrefix;

class DirectoryTest {

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private EventSourcedBehaviorTestKit<Directory.Command, DirectoryEvent, DirectoryState> directory;

    @BeforeEach
    void start() {
        directory = EventSourcedBehaviorTestKit.create(testKit.system(), Directory.create("default"),
                EventSourcedBehaviorTestKit.disabledSerializationSettings());
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void membersGetNumbersInTurnAndKeepThem() {
        assertEquals(1, number(register("site-a", 4500, "10.1.0.0/16")));
        assertEquals(2, number(register("site-b", 4500, "10.2.0.0/16")));
        assertEquals(1, number(register("site-a", 4501, "10.1.0.0/16", "10.3.0.0/16")));
        directory.restart();
        assertEquals(2, number(register("site-b", 4500, "10.2.0.0/16")));
        assertEquals(3, number(register("site-c", 4500)));
    }

    @Test
    void aRegistrationThatChangesNothingIsNotStored() {
        register("site-a", 4500, "10.1.0.0/16");
        assertTrue(directory.<Directory.RegisterReply>runCommand(
                replyTo -> command("site-a", 4500, replyTo, List.of("0.0.0.0/0"), "10.1.0.0/16")).hasNoEvents());
    }

    @Test
    void anAddressIsFoundByItsLongestPrefix() throws UnknownHostException {
        register("site-a", 4500, "10.1.0.0/16", "10.1.7.0/24", "fd00:1::/32");
        register("site-b", 4500, "10.2.0.0/16", "fd00:2::/32");
        assertEquals("site-a", find("10.1.7.9"));
        assertEquals("site-a", find("10.1.255.255"));
        assertEquals("site-b", find("10.2.0.0"));
        assertEquals("site-b", find("fd00:2::5"));
        assertEquals("none", find("10.3.0.0"));
        assertEquals("none", find("fd00:3::"));
    }

    @Test
    void aPrefixOfAnotherMemberIsRefusedWhicheverIsTheWider() {
        register("site-a", 4500, "10.1.0.0/16");
        assertInstanceOf(Directory.PrefixRefused.class, register("site-b", 4500, "10.0.0.0/8"));
        assertInstanceOf(Directory.PrefixRefused.class, register("site-b", 4500, "10.1.2.0/24"));
        assertInstanceOf(Directory.PrefixRefused.class, register("site-b", 4500, "10.1.0.0/16"));
        assertEquals(2, number(register("site-b", 4500, "10.0.0.0/16")));
    }

    @Test
    void whatWouldBeRefusedIsToldBeforeItIsPromised() {
        register("site-a", 4500, "10.1.0.0/16");
        register("site-b", 4500, "10.2.0.0/16");
        IpPrefix taken = IpPrefix.parse("10.1.0.0/16");
        for (String prefix : List.of("10.1.0.0/16", "10.1.2.0/24", "10.0.0.0/15")) {
            assertEquals(new Directory.Conflict(IpPrefix.parse(prefix), taken, "site-a"), conflict("site-c", "10.3.0.0/16", prefix));
        }
        assertEquals(new Directory.NoConflict(), conflict("site-a", "10.1.0.0/16", "10.3.0.0/16"));
        revoke("site-a", "stolen");
        assertEquals(new Directory.NoConflict(), conflict("site-c", "10.1.0.0/16"));
        assertEquals(2, directory.getState().size());
    }

    private Directory.ConflictReply conflict(String member, String... prefixes) {
        return directory.<Directory.ConflictReply>runCommand(
                replyTo -> new Directory.FindConflict(member, Arrays.stream(prefixes).map(IpPrefix::parse).toList(), replyTo)).reply();
    }

    @Test
    void aPrefixOutsideTheCertificateIsRefused() {
        Directory.RegisterReply reply = directory.<Directory.RegisterReply>runCommand(
                replyTo -> command("site-a", 4500, replyTo, List.of("10.1.0.0/16"), "10.1.2.0/24", "10.2.0.0/24")).reply();
        assertInstanceOf(Directory.PrefixRefused.class, reply);
    }

    @Test
    void aPrefixGivenUpIsFreeForAnother() throws UnknownHostException {
        register("site-a", 4500, "10.1.0.0/16", "10.2.0.0/16");
        register("site-a", 4500, "10.1.0.0/16");
        assertEquals("none", find("10.2.0.1"));
        assertEquals(2, number(register("site-b", 4500, "10.2.0.0/16")));
        directory.restart();
        assertEquals("site-b", find("10.2.0.1"));
    }

    @Test
    void aSnapshotHoldsTheWholeList() throws UnknownHostException {
        register("site-a", 4500, "10.1.0.0/16");
        register("site-b", 4500, "10.2.0.0/16");
        DirectoryState copy = DirectoryState.of(directory.getState().snapshot());
        assertEquals("site-b", id(copy.byAddress(InetAddress.getByName("10.2.3.4").getAddress())));
        assertEquals("site-a", id(copy.byNumber(1)));
        assertEquals(2, copy.size());
    }

    @Test
    void aRevokedMemberNeverRegistersAgainAndItsPlaceIsFreeForAnother() throws UnknownHostException {
        register("site-a", 4500, "10.1.0.0/16");
        Revocation revocation = revoke("site-a", "stolen");
        assertEquals(1, revocation.number());
        assertEquals(revocation, revoke("site-a", "again"));
        assertInstanceOf(Directory.RegistrationRevoked.class, register("site-a", 4500, "10.1.0.0/16"));
        assertEquals(new Directory.FoundRevoked("site-a"), lookUp("10.1.0.1"));
        assertEquals(2, number(register("site-b", 4500, "10.1.0.0/16")));
        assertEquals("site-b", find("10.1.0.1"));
        directory.restart();
        assertInstanceOf(Directory.RegistrationRevoked.class, register("site-a", 4500, "10.1.0.0/16"));
        DirectoryState copy = DirectoryState.of(directory.getState().snapshot());
        assertEquals("site-b", id(copy.byAddress(InetAddress.getByName("10.1.0.1").getAddress())));
        assertEquals(new Directory.FoundRevoked("site-a"), copy.byNumber(1));
        assertEquals(List.of(revocation), copy.revocationsAfter(0));
        assertEquals(List.of(), copy.revocationsAfter(1));
    }

    @Test
    void anIdCanBeRevokedBeforeItEverRegistered() {
        assertEquals(0, revoke("site-x", "lost before use").number());
        assertInstanceOf(Directory.RegistrationRevoked.class, register("site-x", 4500, "10.1.0.0/16"));
        assertEquals(1, number(register("site-a", 4500, "10.1.0.0/16")));
    }

    private Revocation revoke(String member, String reason) {
        return directory.<Revocation>runCommand(replyTo -> new RevocationCommand.Revoke(member, reason, 5, replyTo)).reply();
    }

    private Directory.FindReply lookUp(String address) throws UnknownHostException {
        byte[] bytes = InetAddress.getByName(address).getAddress();
        return directory.<Directory.FindReply>runCommand(replyTo -> new Directory.FindByAddress(bytes, replyTo)).reply();
    }

    private static String id(Directory.FindReply reply) {
        return assertInstanceOf(Directory.Found.class, reply).entry().id();
    }

    private Directory.RegisterReply register(String member, int port, String... prefixes) {
        return directory.<Directory.RegisterReply>runCommand(
                replyTo -> command(member, port, replyTo, List.of("0.0.0.0/0", "::/0"), prefixes)).reply();
    }

    private static Directory.Register command(String member, int port,
            ActorRef<Directory.RegisterReply> replyTo, List<String> granted, String... prefixes) {
        return new Directory.Register(member, new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Arrays.stream(prefixes).map(IpPrefix::parse).toList(), granted.stream().map(IpPrefix::parse).toList(), List.of(1, 2), replyTo);
    }

    private static int number(Directory.RegisterReply reply) {
        return assertInstanceOf(Directory.Registered.class, reply).entry().number();
    }

    private String find(String address) throws UnknownHostException {
        byte[] bytes = InetAddress.getByName(address).getAddress();
        return switch (directory.<Directory.FindReply>runCommand(replyTo -> new Directory.FindByAddress(bytes, replyTo)).reply()) {
            case Directory.Found found -> found.entry().id();
            case Directory.FoundRevoked gone -> "revoked " + gone.memberId();
            case Directory.NotFound none -> "none";
        };
    }
}
