/**
 * What the key server shows of itself: counts, latencies, the cluster as it sees it. Never a key.
 */
package org.pairspan.kms.observe;
