package org.pairspan.kms.pairkey;

import java.util.ArrayList;
import java.util.List;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.sealing.SealedKey;

/**
 * The versions of a pair's key. A version above the current one is prepared, one below it waits to be retired. Also what a snapshot
 * holds.
 *
 * @param current   the version in use; 0 while there is none
 * @param last      the highest version there ever was: a number is never used for two keys
 * @param destroyed there will never be a key again
 * @param versions  what there is, in ascending order
 */
public record PairKeyState(int current, int last, boolean destroyed, List<Version> versions) implements ClusterMessage {

    static final PairKeyState EMPTY = new PairKeyState(0, 0, false, List.of());

    /** One version; sealed for {@link PairKey#persistenceId(PairId)} and its number. */
    public record Version(int number, SealedKey sealed) implements ClusterMessage {
    }

    public PairKeyState {
        versions = List.copyOf(versions);
    }

    /** The key of a version; null where there is none such. */
    SealedKey sealed(int version) {
        return versions.stream().filter(one -> one.number == version).map(Version::sealed).findFirst().orElse(null);
    }

    PairKeyState after(PairKeyEvent event) {
        return switch (event) {
            case PairKey.KeyCreated created ->
                    new PairKeyState(created.version(), created.version(), destroyed, with(created.version(), created.sealed()));
            case PairKeyEvent.Prepared prepared ->
                    new PairKeyState(current, prepared.version(), destroyed, with(prepared.version(), prepared.sealed()));
            case PairKeyEvent.Activated activated -> new PairKeyState(activated.version(), last, destroyed, versions);
            case PairKeyEvent.Retired retired -> new PairKeyState(current, last, destroyed,
                    versions.stream().filter(one -> one.number != retired.version()).toList());
            case PairKeyEvent.Destroyed gone -> new PairKeyState(0, last, true, List.of());
        };
    }

    /** Without what was prepared before. */
    private List<Version> with(int version, SealedKey sealed) {
        List<Version> result = new ArrayList<>(versions.stream().filter(one -> one.number <= current).toList());
        result.add(new Version(version, sealed));
        return result;
    }
}
