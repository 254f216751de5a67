package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;

class KeyServerTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P256"})
    void bothMembersOfAPairGetOneKey(KeyKind kind) throws Exception {
        Installation installation = new Installation(folder, kind, 1);
        try (KeyServer server = KeyServer.start(installation.configuration(0));
                MemberClient a = new MemberClient(installation.member("site-a", "10.1.0.0/16"), installation.memberLink(0), 11);
                MemberClient b = new MemberClient(installation.member("site-b", "10.2.0.0/16"), installation.memberLink(0), 22)) {
            assertEquals(1, a.register(List.of("10.1.0.0/16"), 1, 2).getRegistered().getMemberNumber());
            assertEquals(2, b.register(List.of("10.2.0.0/16"), 1, 2).getRegistered().getMemberNumber());

            ServiceFrame toB = b.request("10.1.2.3", 0);
            assertTrue(toB.hasKeyGrant(), toB::toString);
            Association atB = toB.getKeyGrant().getAssociation();
            Association atA = a.read().getInstall().getAssociation();
            assertEquals(atA.getPairKey(), atB.getPairKey());
            assertEquals(32, atA.getPairKey().size());
            assertEquals(1, atA.getGeneration());
            assertEquals("site-b", atA.getPeerId());
        }
    }
}
