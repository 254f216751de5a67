package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SessionTermsTest {
    private final PeerImages images = new PeerImages();
    private final SessionTerms terms = new SessionTerms(images);

    @Test
    void aSessionKeepsTheLengthItBeganWith() {
        assertEquals(SessionTerms.UNKNOWN, terms.termLength(0));
        assertTrue(terms.accept(5, 1 << 16));
        assertTrue(terms.accept(5, 1 << 16));
        assertFalse(terms.accept(5, 1 << 17));
        assertTrue(terms.accept(0, 1 << 18));
        assertEquals(1 << 16, terms.termLength(5));
        assertEquals(1 << 18, terms.termLength(0));
        assertEquals(SessionTerms.UNKNOWN, terms.termLength(6));
    }

    @Test
    void theOldestGivesWay() {
        for (int session = 1; session <= 17; session++) {
            assertTrue(terms.accept(session, 1 << 16));
        }
        assertEquals(SessionTerms.UNKNOWN, terms.termLength(1));
        assertEquals(1 << 16, terms.termLength(2));
        assertEquals(1 << 16, terms.termLength(17));
    }

    @Test
    void aSessionIsReceivedUntilTheLastOfItsImagesIsGone() {
        images.add(1);
        images.add(1);
        images.remove(1);
        assertTrue(images.contains(1));
        assertEquals(1, images.size());
        images.remove(1);
        assertFalse(images.contains(1));
        assertEquals(0, images.size());
    }

    @Test
    void aSessionThatIsReceivedGivesWayToNone() {
        assertTrue(terms.accept(1, 1 << 17));
        images.add(1);
        for (int session = 2; session <= 100; session++) {
            assertTrue(terms.accept(session, 1 << 16));
            assertEquals(1 << 17, terms.termLength(1));
            assertEquals(1 << 16, terms.termLength(session));
        }
    }
}
