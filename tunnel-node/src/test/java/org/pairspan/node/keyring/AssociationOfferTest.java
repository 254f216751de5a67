package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Endpoint;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.Prefix;

class AssociationOfferTest {
    @Test
    void everyFieldIsHeldAgainstItsRule() {
        assertMalformed("own number 0", message -> message.setOwnNumber(0));
        assertMalformed("own number 1048576", message -> message.setOwnNumber(1 << 20));
        assertMalformed("peer number 4294967295", message -> message.setPeerNumber(-1));
        assertMalformed("our own number", message -> message.setPeerNumber(1));
        assertMalformed("id", message -> message.setPeerId(""));
        assertMalformed("id", message -> message.setPeerId("Site B\n"));
        assertMalformed("prefix", message -> message.addPeerPrefixes(Prefix.newBuilder().setAddress(ByteString.copyFrom(new byte[5]))));
        assertMalformed("prefix", message -> message.addPeerPrefixes(
                Prefix.newBuilder().setAddress(ByteString.copyFrom(new byte[] {10, 0, 0, 1})).setLength(8)));
        assertMalformed("prefixes", message -> message.addAllPeerPrefixes(
                Collections.nCopies(1024, Addresses.message(IpPrefix.parse("10.3.0.0/16")))));
        assertMalformed("endpoint", message -> message.setPeerBearer(Endpoint.getDefaultInstance()));
        assertMalformed("endpoint", message -> message.getPeerBearerBuilder().setPort(65_536));
        assertMalformed("pair key has 31", message -> message.setPairKey(ByteString.copyFrom(new byte[31])));
        assertMalformed("key version 0", message -> message.setKeyVersion(0));
        assertMalformed("generation 0", message -> message.setGeneration(0));
        assertMalformed("generation 18446744073709551615", message -> message.setGeneration(-1));
        assertMalformed("suite 77", message -> message.setSuite(77));
    }

    @Test
    void theTextOfAnOfferShowsNoKey() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0xAB);
        String text = Messages.offer(Messages.association(1).setPairKey(ByteString.copyFrom(key))).toString();
        assertFalse(text.toLowerCase(Locale.ROOT).contains("abab") || text.contains("-85"), text);
    }

    private static void assertMalformed(String what, Consumer<Association.Builder> change) {
        Association.Builder message = Messages.association(1);
        change.accept(message);
        MalformedMessageException error = assertThrows(MalformedMessageException.class, () -> AssociationOffer.of(message.build()));
        assertTrue(error.getMessage().contains(what), error.getMessage());
    }
}
