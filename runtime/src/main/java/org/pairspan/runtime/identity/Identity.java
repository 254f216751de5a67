package org.pairspan.runtime.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A role and an id, written {@code urn:pairspan:member:site-a} or {@code urn:pairspan:kms:kms-1}.
 *
 * @param role what it may do
 * @param id 1 to 63 characters of {@code a-z 0-9 . -}, the first and last a letter or digit
 */
public record Identity(Role role, String id) {
    /** What {@link #id()} must match. */
    public static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

    private static final Pattern URN = Pattern.compile("urn:pairspan:([a-z]+):(.+)");
    private static final Integer URI_NAME = 6;

    /** @throws IllegalArgumentException when the id has another form */
    public Identity {
        Objects.requireNonNull(role, "role");
        requireId(id);
    }

    /**
     * The id again.
     *
     * @throws IllegalArgumentException when it has another form
     */
    public static String requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("'" + id + "' is not an id: 1 to 63 characters of a-z 0-9 . -, the first and last a letter or digit");
        }
        return id;
    }

    /** @throws IllegalArgumentException when it is not the URN of an identity */
    public static Identity ofUrn(String urn) {
        Matcher matcher = URN.matcher(urn);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + urn + "' is not urn:pairspan:<role>:<id>");
        }
        Role role = Role.ofUrnPart(matcher.group(1))
            .orElseThrow(() -> new IllegalArgumentException("'" + matcher.group(1) + "' in " + urn + " is not a role"));
        return new Identity(role, matcher.group(2));
    }

    /**
     * The identity a certificate carries: its one URI in the subject alternative name (RFC 5280 section 4.2.1.6).
     *
     * @throws CertificateException when it has none, several, or one of another form
     */
    public static Identity of(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        List<String> uris = names == null ? List.of()
            : names.stream().filter(name -> URI_NAME.equals(name.get(0))).map(name -> (String) name.get(1)).toList();
        if (uris.size() != 1) {
            throw new CertificateException("a certificate must carry one URI as its identity; this one has " + uris.size());
        }
        try {
            return ofUrn(uris.getFirst());
        } catch (IllegalArgumentException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    /** The identity as a certificate carries it, in its one URI: {@code urn:pairspan:ROLE:ID}. */
    public String urn() {
        return "urn:pairspan:" + role.urnPart() + ":" + id;
    }

    @Override
    public String toString() {
        return role.urnPart() + " " + id;
    }
}
