/**
 * Members that lose their right to keys: the operator's act, and how every server knows of it within a second. The directory keeps it.
 */
package org.pairspan.kms.revocation;
