package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemberConnectionsTest {

    private final MemberConnections<String> connections = new MemberConnections<>(2);

    @Test
    void theOldestOfTooManyEndsAndOthersAreNotTouched() {
        assertEquals(Optional.empty(), connections.enter("a", "a1"));
        assertEquals(Optional.empty(), connections.enter("b", "b1"));
        assertEquals(Optional.empty(), connections.enter("a", "a2"));
        assertEquals(Optional.of("a1"), connections.enter("a", "a3"));
        assertEquals(Optional.of("a2"), connections.enter("a", "a4"));
        assertEquals(Optional.empty(), connections.enter("b", "b2"));
    }

    @Test
    void whatIsGoneMakesRoom() {
        connections.enter("a", "a1");
        connections.enter("a", "a2");
        connections.leave("a", "a1");
        assertEquals(Optional.empty(), connections.enter("a", "a3"));
        connections.leave("a", "a1");
        connections.leave("nobody", "x");
        assertEquals(Optional.of("a2"), connections.enter("a", "a4"));
    }
}
