/**
 * Which connection a member can be reached over now. One entity for each member, not persistent: links announce themselves
 * again and again, so an entity that moved to another server learns anew.
 */
package org.pairspan.kms.presence;
