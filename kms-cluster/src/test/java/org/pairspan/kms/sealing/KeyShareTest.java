package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyShareTest {

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private final SecureRandom random = new SecureRandom();
    private final byte[] masterKey = new byte[MasterKey.LENGTH];
    private final List<KeyShare> shares;

    KeyShareTest() {
        random.nextBytes(masterKey);
        shares = ShareSet.split(masterKey, 2, 3, random);
    }

    @Test
    void anyTwoOfThreeGiveTheMasterKeyAndOneAloneIsNotIt() {
        for (KeyShare one : shares) {
            assertFalse(Arrays.equals(masterKey, one.value()));
            for (KeyShare other : shares) {
                if (one.number() != other.number()) {
                    assertArrayEquals(masterKey, ShareSet.combine(List.of(one, other)));
                }
            }
        }
    }

    @Test
    void tooFewSharesGiveAnotherKey() {
        List<KeyShare> ofFive = ShareSet.split(masterKey, 4, 5, random);
        assertArrayEquals(masterKey, ShareSet.combine(ofFive.subList(1, 5)));
        assertFalse(Arrays.equals(masterKey, ShareSet.combine(ofFive.subList(0, 3))));
    }

    @Test
    void allSixteenSharesOfSixteenGiveTheMasterKey() {
        assertArrayEquals(masterKey, ShareSet.combine(ShareSet.split(masterKey, 16, 16, random)));
        assertThrows(IllegalArgumentException.class, () -> ShareSet.split(masterKey, 1, 3, random));
        assertThrows(IllegalArgumentException.class, () -> ShareSet.split(masterKey, 4, 3, random));
        assertThrows(IllegalArgumentException.class, () -> ShareSet.split(masterKey, 2, 17, random));
    }

    @Test
    void aShareIsReadAsItWasPrintedAndAsPeopleTypeIt() {
        for (KeyShare share : shares) {
            String text = text(share);
            assertEquals(share, parse(text));
            assertEquals(share, parse(text.toLowerCase().replace('-', ' ').replace("\n", "\r\n")));
            assertEquals(share, parse(text.replace('0', 'o').replace('1', 'l')));
            assertEquals(3, text.lines().count());
        }
    }

    @Test
    void whateverCharacterIsMistypedTheShareIsRefused() {
        String text = text(shares.getFirst());
        for (int i = 0; i < text.length(); i++) {
            char right = text.charAt(i);
            if (ALPHABET.indexOf(right) < 0) {
                continue;
            }
            for (char wrong : ALPHABET.toCharArray()) {
                if (wrong != right) {
                    String typed = text.substring(0, i) + wrong + text.substring(i + 1);
                    assertThrows(IllegalArgumentException.class, () -> parse(typed), typed);
                }
            }
        }
    }

    @Test
    void theMessageTellsTheMistypedGroup() {
        String text = text(shares.getFirst());
        String swapped = text.substring(0, 6) + text.charAt(7) + text.charAt(6) + text.substring(8);
        if (text.charAt(6) != text.charAt(7)) {
            assertTrue(message(swapped).contains("group 2"), message(swapped));
        }
        assertTrue(message(text.replaceFirst("^.", "U")).contains("group 1"));
        assertTrue(message(text.substring(2)).contains("88 characters instead of 90"), message(text.substring(2)));
        assertTrue(message(text + "0").contains("longer"));
        assertTrue(message("").contains("18 groups"));
    }

    @Test
    void aShareDoesNotShowItself() {
        String text = text(shares.getFirst());
        assertFalse(text.lines().anyMatch(shares.getFirst().toString()::contains));
        assertTrue(shares.getFirst().toString().matches("share 1 of 3, set [0-9a-f]{8}"));
    }

    private static String message(String typed) {
        return assertThrows(IllegalArgumentException.class, () -> parse(typed)).getMessage();
    }

    private static KeyShare parse(String typed) {
        return KeyShare.parse(typed.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(KeyShare share) {
        return new String(share.text());
    }
}
