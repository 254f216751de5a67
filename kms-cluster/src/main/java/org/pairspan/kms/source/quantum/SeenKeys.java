package org.pairspan.kms.source.quantum;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.pairspan.kms.etsi014.KeyContainer;

/**
 * Remembers the newest keys by a MAC under a secret of this process, so that the memory gives no key away, and their IDs. For one thread
 * at a time.
 */
final class SeenKeys {

    private static final String MAC = "HmacSHA256";

    private final int most;
    private final Mac mac;
    private final Set<UUID> ids = new LinkedHashSet<>();
    /** The first 128 bits of the MAC. */
    private final Set<UUID> keys = new LinkedHashSet<>();

    /** @param most keys remembered, from 1 */
    SeenKeys(int most) {
        this.most = most;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        try {
            mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(secret, MAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has " + MAC, e);
        }
    }

    /** Remembers a key, and says whether key and ID are both new. */
    boolean add(KeyContainer.Key key) {
        ByteBuffer digest = ByteBuffer.wrap(mac.doFinal(key.bytes()));
        return add(keys, new UUID(digest.getLong(), digest.getLong())) & add(ids, key.id());
    }

    private boolean add(Set<UUID> known, UUID one) {
        boolean isNew = known.add(one);
        if (known.size() > most) {
            known.remove(known.iterator().next());
        }
        return isNew;
    }
}
