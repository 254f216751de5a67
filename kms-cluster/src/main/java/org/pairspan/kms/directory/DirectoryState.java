package org.pairspan.kms.directory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pairspan.kms.directory.Directory.NumbersExhausted;
import org.pairspan.kms.directory.Directory.PrefixRefused;
import org.pairspan.kms.directory.Directory.Register;
import org.pairspan.kms.directory.Directory.RegisterReply;
import org.pairspan.kms.directory.Directory.Registered;
import org.pairspan.protocol.address.IpPrefix;

/** The list in memory. Changed in place by the entity's thread only; snapshots are copies. */
final class DirectoryState {

    /** Largest member number: 20 bits of an SPI. */
    static final int MAX_NUMBER = (1 << 20) - 1;

    private final Map<String, MemberEntry> byId = new HashMap<>();
    private final Map<Integer, MemberEntry> byNumber = new HashMap<>();
    private final AddressIndex addresses = new AddressIndex();
    private int lastNumber;

    static DirectoryState of(Directory.Snapshot snapshot) {
        DirectoryState state = new DirectoryState();
        snapshot.members().forEach(state::put);
        state.lastNumber = snapshot.lastNumber();
        return state;
    }

    Directory.Snapshot snapshot() {
        return new Directory.Snapshot(lastNumber, List.copyOf(byId.values()));
    }

    /** What a registration would lead to; changes nothing. */
    RegisterReply judge(Register register) {
        for (IpPrefix prefix : register.prefixes()) {
            if (register.granted().stream().noneMatch(granted -> granted.contains(prefix))) {
                return new PrefixRefused(prefix + " lies outside what the certificate grants");
            }
            Optional<Map.Entry<IpPrefix, String>> conflict = addresses.conflict(register.memberId(), prefix);
            if (conflict.isPresent()) {
                return new PrefixRefused(prefix + " overlaps a prefix of another member");
            }
        }
        MemberEntry known = byId.get(register.memberId());
        if (known == null && lastNumber == MAX_NUMBER) {
            return new NumbersExhausted();
        }
        int number = known == null ? lastNumber + 1 : known.number();
        return new Registered(new MemberEntry(register.memberId(), number, register.prefixes(), register.bearer(), register.suites()));
    }

    boolean holds(MemberEntry entry) {
        return entry.equals(byId.get(entry.id()));
    }

    DirectoryState put(MemberEntry entry) {
        MemberEntry before = byId.put(entry.id(), entry);
        if (before != null) {
            addresses.remove(before.prefixes());
        }
        addresses.put(entry.id(), entry.prefixes());
        byNumber.put(entry.number(), entry);
        lastNumber = Math.max(lastNumber, entry.number());
        return this;
    }

    /** Null where no member owns the address. */
    MemberEntry byAddress(byte[] address) {
        return addresses.ownerOf(address).map(byId::get).orElse(null);
    }

    /** Null where no member has the number. */
    MemberEntry byNumber(int number) {
        return byNumber.get(number);
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
