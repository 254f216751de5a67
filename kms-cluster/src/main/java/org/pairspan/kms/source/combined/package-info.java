/** The key sources of a server by name: each alone, and both together, with what happens when one of them fails. */

package org.pairspan.kms.source.combined;
