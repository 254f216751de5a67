package org.pairspan.kms.directory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pairspan.kms.directory.Directory.Conflict;
import org.pairspan.kms.directory.Directory.ConflictReply;
import org.pairspan.kms.directory.Directory.FindReply;
import org.pairspan.kms.directory.Directory.NoConflict;
import org.pairspan.kms.directory.Directory.Found;
import org.pairspan.kms.directory.Directory.FoundRevoked;
import org.pairspan.kms.directory.Directory.NotFound;
import org.pairspan.kms.directory.Directory.NumbersExhausted;
import org.pairspan.kms.directory.Directory.PrefixRefused;
import org.pairspan.kms.directory.Directory.Register;
import org.pairspan.kms.directory.Directory.RegisterReply;
import org.pairspan.kms.directory.Directory.Registered;
import org.pairspan.kms.directory.Directory.RegistrationRevoked;
import org.pairspan.protocol.address.IpPrefix;

/** The list in memory. Changed in place by the entity's thread only; snapshots are copies. */
final class DirectoryState {

    /** Largest member number: 20 bits of an SPI. */
    static final int MAX_NUMBER = (1 << 20) - 1;

    private final Map<String, MemberEntry> byId = new HashMap<>();
    private final Map<Integer, MemberEntry> byNumber = new HashMap<>();
    private final AddressIndex addresses = new AddressIndex();
    private final Map<String, Revocation> revoked = new HashMap<>();
    private final List<Revocation> revocations = new ArrayList<>();
    /** Where revoked members were: another may take their place. */
    private final AddressIndex formerAddresses = new AddressIndex();
    private int lastNumber;

    /** From what the journal has as a snapshot. */
    static DirectoryState of(Object snapshot) {
        return switch (snapshot) {
            case Directory.FullSnapshot full -> of(full.lastNumber(), full.members(), full.revocations());
            case Directory.Snapshot old -> of(old.lastNumber(), old.members(), List.of());
            default -> throw new IllegalArgumentException("not a snapshot of the directory: " + snapshot.getClass().getName());
        };
    }

    private static DirectoryState of(int lastNumber, List<MemberEntry> members, List<Revocation> revocations) {
        DirectoryState state = new DirectoryState();
        // First, so that a member which has taken a revoked one's place keeps its prefixes.
        revocations.forEach(state::revoke);
        members.forEach(state::put);
        state.lastNumber = lastNumber;
        return state;
    }

    Directory.FullSnapshot snapshot() {
        return new Directory.FullSnapshot(lastNumber, List.copyOf(byId.values()), List.copyOf(revocations));
    }

    /** What a registration would lead to; changes nothing. */
    RegisterReply judge(Register register) {
        if (revoked.containsKey(register.memberId())) {
            return new RegistrationRevoked();
        }
        for (IpPrefix prefix : register.prefixes()) {
            if (register.granted().stream().noneMatch(granted -> granted.contains(prefix))) {
                return new PrefixRefused(prefix + " lies outside what the certificate grants");
            }
        }
        if (conflict(register.memberId(), register.prefixes()) instanceof Conflict conflict) {
            return new PrefixRefused(conflict.wanted() + " overlaps a prefix of another member");
        }
        MemberEntry known = byId.get(register.memberId());
        if (known == null && lastNumber == MAX_NUMBER) {
            return new NumbersExhausted();
        }
        int number = known == null ? lastNumber + 1 : known.number();
        return new Registered(new MemberEntry(register.memberId(), number, register.prefixes(), register.bearer(), register.suites()));
    }

    /** Costs as much as there are lengths of prefixes in use, however many members there are. */
    ConflictReply conflict(String memberId, List<IpPrefix> prefixes) {
        for (IpPrefix prefix : prefixes) {
            Optional<Map.Entry<IpPrefix, String>> taken = addresses.conflict(memberId, prefix);
            if (taken.isPresent()) {
                return new Conflict(prefix, taken.get().getKey(), taken.get().getValue());
            }
        }
        return new NoConflict();
    }

    boolean holds(MemberEntry entry) {
        return entry.equals(byId.get(entry.id()));
    }

    DirectoryState put(MemberEntry entry) {
        MemberEntry before = byId.put(entry.id(), entry);
        if (before != null) {
            addresses.remove(before.id(), before.prefixes());
        }
        (revoked.containsKey(entry.id()) ? formerAddresses : addresses).put(entry.id(), entry.prefixes());
        byNumber.put(entry.number(), entry);
        lastNumber = Math.max(lastNumber, entry.number());
        return this;
    }

    /** What revoking a member would store. */
    Revocation revocationBy(RevocationCommand.Revoke revoke) {
        MemberEntry known = byId.get(revoke.memberId());
        return new Revocation(revoke.memberId(), known == null ? 0 : known.number(), revoke.reason(), revoke.atMs());
    }

    DirectoryState revoke(Revocation revocation) {
        revoked.put(revocation.memberId(), revocation);
        revocations.add(revocation);
        MemberEntry entry = byId.get(revocation.memberId());
        if (entry != null) {
            addresses.remove(entry.id(), entry.prefixes());
            formerAddresses.put(entry.id(), entry.prefixes());
        }
        return this;
    }

    /** Null where the member is not revoked. */
    Revocation revocation(String memberId) {
        return revoked.get(memberId);
    }

    List<Revocation> revocationsAfter(int known) {
        int from = Math.min(Math.max(known, 0), revocations.size());
        return revocations.subList(from, Math.min(revocations.size(), from + RevocationCommand.Revocations.MOST));
    }

    FindReply byAddress(byte[] address) {
        return reply(addresses.ownerOf(address).or(() -> formerAddresses.ownerOf(address)).map(byId::get).orElse(null));
    }

    FindReply byNumber(int number) {
        return reply(byNumber.get(number));
    }

    FindReply byId(String memberId) {
        return reply(byId.get(memberId));
    }

    private FindReply reply(MemberEntry entry) {
        if (entry == null) {
            return new NotFound();
        }
        return revoked.containsKey(entry.id()) ? new FoundRevoked(entry.id()) : new Found(entry);
    }

    Directory.Ids ids(int aboveNumber, int most) {
        List<String> ids = new ArrayList<>();
        int number = Math.max(0, aboveNumber);
        while (number < lastNumber && ids.size() < most) {
            MemberEntry entry = byNumber.get(++number);
            if (entry != null) {
                ids.add(entry.id());
            }
        }
        return new Directory.Ids(number, ids);
    }

    int size() {
        return byId.size();
    }
}
