/**
 * Updates of pair keys (KS-8): what is to be done, kept for the whole cluster, and how the steps of one update reach members, keys and
 * the audit log. The order of the steps is {@link org.pairspan.kms.association}'s.
 */
package org.pairspan.kms.update;
