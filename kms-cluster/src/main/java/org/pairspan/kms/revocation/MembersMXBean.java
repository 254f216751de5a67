package org.pairspan.kms.revocation;

/** Members, for operators. */
public interface MembersMXBean {

    /**
     * Takes from a member, for good, its right to keys: its id never registers again, its keys are destroyed, its peers close what they
     * share with it. It does so on every key server within a second.
     *
     * @param operator who asks for it
     * @param memberId the member; it need not have registered yet
     * @param reason   for the record
     * @return what was done, in words
     */
    String revoke(String operator, String memberId, String reason);

    /**
     * Who this is, in a line: as {@link #list()} tells it, or that it is revoked already, or that no such member ever registered.
     *
     * @throws IllegalStateException where the directory does not answer
     */
    String about(String memberId);

    /** Members that registered and are not revoked, a line each, in the order of their numbers. Fails as {@link #about}. */
    String[] list();

    /** Who was revoked: a line each, oldest first. */
    String[] getRevoked();
}
