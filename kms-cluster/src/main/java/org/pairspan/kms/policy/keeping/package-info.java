/**
 * The policy in force: its versions in the journal, what every key server holds of it in memory, and what operators do with it.
 */
package org.pairspan.kms.policy.keeping;
