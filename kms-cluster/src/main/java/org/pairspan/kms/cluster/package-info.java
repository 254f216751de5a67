/**
 * The key servers as one cluster: the actor system's configuration, TLS between the servers, and the mark of the
 * messages that may travel between them. Knows nothing of members, pairs and keys.
 */
package org.pairspan.kms.cluster;
