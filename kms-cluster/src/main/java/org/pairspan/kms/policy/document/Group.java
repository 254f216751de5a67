package org.pairspan.kms.policy.document;

import java.util.Set;

/**
 * Members under one name.
 *
 * @param line    where it stands
 * @param members with those of the groups in it
 */
public record Group(String name, int line, Set<MemberPattern> members) {
}
