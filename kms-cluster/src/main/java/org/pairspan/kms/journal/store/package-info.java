/**
 * Events and snapshots of Pekko Persistence in the journal's database: what many entities ask at once goes to the database as one statement,
 * what they write at once as one transaction.
 */
package org.pairspan.kms.journal.store;
