package org.pairspan.runtime.identity;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.pairspan.protocol.address.IpPrefix;

/**
 * The IP prefixes a member may register, as the IPAddrBlocks extension of RFC 3779 section 2. Of what the RFC allows, this reads and writes
 * address prefixes of IPv4 and IPv6 only: ranges, "inherit" and subsequent address families are refused, as is the extension when it is not
 * critical (RFC 3779 section 2.1).
 */
public final class GrantedPrefixes {
    /** id-pe-ipAddrBlocks. */
    public static final String OID = "1.3.6.1.5.5.7.1.7";

    private static final byte[] AFI_IPV4 = {0, 1};
    private static final byte[] AFI_IPV6 = {0, 2};

    private GrantedPrefixes() {
    }

    /**
     * @return the prefixes in ascending order; empty when the certificate has no such extension
     * @throws CertificateException when the extension is malformed, not critical, or uses what is refused here
     */
    public static List<IpPrefix> of(X509Certificate certificate) throws CertificateException {
        byte[] extension = certificate.getExtensionValue(OID);
        if (extension == null) {
            return List.of();
        }
        if (!certificate.getCriticalExtensionOIDs().contains(OID)) {
            throw new CertificateException("the IPAddrBlocks extension must be critical");
        }
        return decode(ASN1OctetString.getInstance(extension).getOctets());
    }

    /**
     * @param prefixes at least one; what is contained in another is left out and sibling prefixes become one, as the RFC's canonical form asks
     * @return DER of IPAddrBlocks
     */
    public static byte[] encode(Collection<IpPrefix> prefixes) {
        if (prefixes.isEmpty()) {
            throw new IllegalArgumentException("a grant needs at least one prefix");
        }
        List<ASN1Encodable> families = new ArrayList<>();
        List<IpPrefix> canonical = merge(prefixes);
        addFamily(families, AFI_IPV4, canonical.stream().filter(IpPrefix::isIpv4).toList());
        addFamily(families, AFI_IPV6, canonical.stream().filter(prefix -> !prefix.isIpv4()).toList());
        try {
            return new DERSequence(families.toArray(ASN1Encodable[]::new)).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a sequence of bit strings has a DER encoding", e);
        }
    }

    static List<IpPrefix> decode(byte[] der) throws CertificateException {
        try {
            List<IpPrefix> prefixes = new ArrayList<>();
            ASN1Primitive blocks = ASN1Primitive.fromByteArray(der);
            if (blocks == null || !Arrays.equals(blocks.getEncoded(ASN1Encoding.DER), der)) {
                throw new IllegalArgumentException("not DER");
            }
            for (ASN1Encodable family : ASN1Sequence.getInstance(blocks)) {
                decodeFamily(ASN1Sequence.getInstance(family), prefixes);
            }
            return prefixes.stream().sorted().toList();
        } catch (IOException | RuntimeException e) {
            throw new CertificateException("the IPAddrBlocks extension is not a list of IPv4 and IPv6 prefixes: " + e.getMessage(), e);
        }
    }

    private static void decodeFamily(ASN1Sequence family, List<IpPrefix> into) {
        byte[] afi = ASN1OctetString.getInstance(family.getObjectAt(0)).getOctets();
        int octets = Arrays.equals(afi, AFI_IPV4) ? IpPrefix.IPV4_OCTETS : Arrays.equals(afi, AFI_IPV6) ? IpPrefix.IPV6_OCTETS : 0;
        if (octets == 0 || family.size() != 2) {
            throw new IllegalArgumentException("an address family other than plain IPv4 or IPv6");
        }
        for (ASN1Encodable element : ASN1Sequence.getInstance(family.getObjectAt(1))) {
            if (!(element.toASN1Primitive() instanceof ASN1BitString bits)) {
                throw new IllegalArgumentException("an address range, where only prefixes are understood");
            }
            byte[] significant = bits.getBytes();
            if (significant.length > octets) {
                throw new IllegalArgumentException("a prefix longer than its family's addresses");
            }
            into.add(IpPrefix.ofBytes(Arrays.copyOf(significant, octets), significant.length * Byte.SIZE - bits.getPadBits()));
        }
    }

    private static void addFamily(List<ASN1Encodable> families, byte[] afi, List<IpPrefix> prefixes) {
        if (!prefixes.isEmpty()) {
            ASN1Encodable[] bits = prefixes.stream().map(GrantedPrefixes::bitString).toArray(ASN1Encodable[]::new);
            families.add(new DERSequence(new ASN1Encodable[] {new DEROctetString(afi), new DERSequence(bits)}));
        }
    }

    /** RFC 3779 section 2.2.3.8: the prefix's significant bits, first bit first. */
    private static DERBitString bitString(IpPrefix prefix) {
        int octets = (prefix.length() + 7) / Byte.SIZE;
        return new DERBitString(Arrays.copyOf(prefix.address(), octets), octets * Byte.SIZE - prefix.length());
    }

    /** Sorted; none contains another, no two are the halves of one. */
    private static List<IpPrefix> merge(Collection<IpPrefix> prefixes) {
        List<IpPrefix> merged = new ArrayList<>();
        for (IpPrefix prefix : new TreeSet<>(prefixes)) {
            IpPrefix next = prefix;
            while (!merged.isEmpty() && next != null) {
                IpPrefix last = merged.getLast();
                if (last.contains(next)) {
                    next = null;
                } else if (areHalves(last, next)) {
                    merged.removeLast();
                    next = IpPrefix.ofBytes(last.address(), last.length() - 1);
                } else {
                    break;
                }
            }
            if (next != null) {
                merged.add(next);
            }
        }
        return merged;
    }

    /** {@code high} follows {@code low} in the order, and they differ in no bit but the last one that counts. */
    private static boolean areHalves(IpPrefix low, IpPrefix high) {
        if (low.isIpv4() != high.isIpv4() || low.length() != high.length() || low.length() == 0) {
            return false;
        }
        byte[] flipped = low.address();
        int lastBit = low.length() - 1;
        flipped[lastBit >>> 3] ^= (byte) (0x80 >>> (lastBit & 7));
        return Arrays.equals(flipped, high.address());
    }
}
