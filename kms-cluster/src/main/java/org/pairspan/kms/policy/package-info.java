/**
 * Who may talk to whom, and how: what the rest of the service knows of the policy. Its document is read in {@code policy.document}, and
 * kept in {@code policy.keeping}.
 */
package org.pairspan.kms.policy;
