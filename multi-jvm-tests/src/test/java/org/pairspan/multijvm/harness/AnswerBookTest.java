package org.pairspan.multijvm.harness;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.pairspan.multijvm.harness.AnswerBook.Told;
import org.pairspan.protocol.keyservice.Association;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every kind of fault that the checker is there for, planted. */
class AnswerBookTest {

    private final AnswerBook book = new AnswerBook();

    @Test
    void whatIsRightIsNoContradiction() {
        firstAnswer();
        book.pushed("b", 7, told("a", 'x', 1, 10));
        book.answered("a", 1, told("b", 'x', 1, 10), 300, 400);
        book.answered("b", 8, told("a", 'y', 2, 11), 500, 600);
        assertEquals(List.of(), book.contradictions());
        assertEquals(2, book.size());
        assertEquals(11, book.generation("a", "b"));
    }

    @Test
    void aKeyThatWasMadeAnewIsFound() {
        firstAnswer();
        book.answered("a", 1, told("b", 'y', 1, 10), 300, 400);
        assertFound("a~b v1");
    }

    @Test
    void twoMembersWithTwoKeysAreFound() {
        firstAnswer();
        book.pushed("b", 7, told("a", 'y', 1, 11));
        assertFound("a~b v1");
    }

    @Test
    void aGenerationUnderTwoVersionsIsFound() {
        firstAnswer();
        book.answered("b", 7, told("a", 'y', 2, 10), 300, 400);
        assertFound("versions 1 and 2");
    }

    @Test
    void aGenerationGivenToTwoIncarnationsIsFound() {
        firstAnswer();
        book.answered("a", 2, told("b", 'x', 1, 10), 300, 400);
        assertFound("given to incarnations 1 and 2 of a");
    }

    @Test
    void anAnswerThatHasForgottenANewerOneIsFound() {
        book.answered("a", 1, told("b", 'x', 1, 11), 100, 200);
        book.answered("b", 7, told("a", 'x', 1, 10), 201, 300);
        assertFound("was told generation 10 of version 1");
    }

    @Test
    void anAnswerToAnEarlierQuestionMayBeOlder() {
        book.answered("a", 1, told("b", 'x', 1, 11), 100, 200);
        book.answered("b", 7, told("a", 'x', 1, 10), 150, 300);
        assertEquals(List.of(), book.contradictions());
    }

    @Test
    void aForbiddenKeyIsFound() {
        book.forbid("b", "a");
        firstAnswer();
        assertFound("may have no key");
    }

    @Test
    void whatIsNotOnRecordIsFound() {
        firstAnswer();
        book.answered("a", 1, told("b", 'x', 1, 10), 300, 400);
        book.pushed("b", 7, told("a", 'x', 1, 10));
        final KeyRecords trail = new KeyRecords();
        trail.add(line("key-request", "a", "b", "granted"));
        trail.add(line("key-request", "b", "a", "refused: UNAVAILABLE"));
        assertEquals(List.of(new Told(false, "b", "a", 1, 10) + " was told 1 times, and is on record 0 times",
            new Told(true, "a", "b", 1, 10) + " was told 2 times, and is on record 1 times"), trail.missing(book.told()));
        trail.add(line("key-request", "a", "b", "granted"));
        trail.add(line("install", "b", "a", "sent"));
        assertEquals(List.of(), trail.missing(book.told()));
        assertEquals(3, trail.size());
    }

    /** What the others are held against: a was told version 1, key x, generation 10. */
    private void firstAnswer() {
        book.answered("a", 1, told("b", 'x', 1, 10), 100, 200);
    }

    private void assertFound(String text) {
        assertEquals(1, book.contradictions().size(), book.contradictions()::toString);
        assertTrue(book.contradictions().getFirst().contains(text), book.contradictions()::toString);
    }

    private static String line(String event, String member, String peer, String result) {
        return "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"%s\",\"actor\":\"member:%s\",\"member\":\"%s\",\"peer\":\"%s\",\"key_version\":1,\"generation\":10,\"result\":\"%s\"}"
            .formatted(event, member, member, peer, result);
    }

    private static Association told(String peer, char key, int version, long generation) {
        return Association.newBuilder().setPeerId(peer).setPairKey(ByteString.copyFromUtf8(String.valueOf(key))).setKeyVersion(version)
            .setGeneration(generation).build();
    }
}
