package org.pairspan.kms.directory;

import org.pairspan.kms.cluster.ClusterMessage;

/** What happens to the list, as the journal has it. */
public sealed interface DirectoryEvent extends ClusterMessage permits Directory.MemberRegistered, Revocation {
}
