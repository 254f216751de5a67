package org.pairspan.kms.delivery;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.SourcedKey;

/**
 * New keys with IDs.
 *
 * @param origins what they were made of
 */
record NewKeys(KeyContainer container, Set<KeyOrigin> origins) {

    /**
     * Draws keys from a source. A key of more than 256 bits is several of the source's put together, so that it
     * holds as much as its length says; a shorter one is the beginning of one.
     *
     * @param bits of each, a multiple of 8
     * @return fails where the source fails for any of them; what was drawn is wiped then
     */
    static CompletionStage<NewKeys> draw(KeySource source, int number, int bits) {
        int bytes = bits / Byte.SIZE;
        int parts = (bytes + KeySource.KEY_LENGTH - 1) / KeySource.KEY_LENGTH;
        List<CompletableFuture<SourcedKey>> drawn = new ArrayList<>();
        for (int i = 0; i < number * parts; i++) {
            drawn.add(source.next().toCompletableFuture());
        }
        return CompletableFuture.allOf(drawn.toArray(CompletableFuture[]::new)).handle((done, failure) -> {
            try {
                if (failure != null) {
                    return CompletableFuture.<NewKeys>failedStage(failure);
                }
                return CompletableFuture.completedStage(assemble(drawn, bytes, parts));
            } finally {
                drawn.stream().filter(part -> !part.isCompletedExceptionally()).forEach(part -> part.join().wipe());
            }
        }).thenCompose(keys -> keys);
    }

    private static NewKeys assemble(List<CompletableFuture<SourcedKey>> drawn, int bytes, int parts) {
        Set<KeyOrigin> origins = EnumSet.noneOf(KeyOrigin.class);
        List<KeyContainer.Key> keys = new ArrayList<>();
        for (int first = 0; first < drawn.size(); first += parts) {
            ByteBuffer key = ByteBuffer.allocate(bytes);
            for (int i = first; i < first + parts; i++) {
                SourcedKey part = drawn.get(i).join();
                origins.add(part.origin());
                key.put(part.bytes(), 0, Math.min(key.remaining(), part.bytes().length));
            }
            keys.add(new KeyContainer.Key(UUID.randomUUID(), key.array()));
        }
        return new NewKeys(new KeyContainer(keys), origins);
    }
}
