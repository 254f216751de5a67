package org.pairspan.protocol.handshake;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bouncycastle.tls.NamedGroup;
import org.pairspan.protocol.crypto.Suite;

/**
 * The ephemeral part of a key exchange: what makes keys that nobody can compute later. The policy names one; only that one is offered
 * and accepted.
 */
public enum KeyExchange {
    /** RFC 7748. */
    X25519("X25519", NamedGroup.x25519),
    /** X25519 and ML-KEM-768 (FIPS 203) together, as in draft-ietf-tls-ecdhe-mlkem: secret as long as one of the two holds. */
    X25519_MLKEM768("X25519MLKEM768", NamedGroup.X25519MLKEM768),
    /** The curve of SM2, as in RFC 8998. */
    CURVE_SM2("curveSM2", NamedGroup.curveSM2);

    private final String wireName;
    private final int namedGroup;

    KeyExchange(String wireName, int namedGroup) {
        this.wireName = wireName;
        this.namedGroup = namedGroup;
    }

    /** Name in configuration and reports, as the IANA registry of TLS supported groups has it. */
    public String wireName() {
        return wireName;
    }

    /** Number in the IANA registry of TLS supported groups. */
    public int namedGroup() {
        return namedGroup;
    }

    /** What is used with a suite where the policy says nothing: post-quantum for the international ones, curveSM2 for SM. */
    public static KeyExchange defaultFor(Suite suite) {
        return suite == Suite.SM4_GCM ? CURVE_SM2 : X25519_MLKEM768;
    }

    /** @throws IllegalArgumentException when no exchange has this name; the message names the choices. */
    public static KeyExchange ofName(String name) {
        for (KeyExchange exchange : values()) {
            if (exchange.wireName.equals(name)) {
                return exchange;
            }
        }
        throw new IllegalArgumentException("no key exchange is called \"" + name + "\"; there are "
            + Arrays.stream(values()).map(KeyExchange::wireName).collect(Collectors.joining(", ")));
    }
}
