/**
 * The database behind Pekko Persistence: its schema, made by whichever server comes first, and a small table of values that all
 * servers of one journal share.
 */
package org.pairspan.kms.journal;
