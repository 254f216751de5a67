/**
 * The policy document: its text is read into groups and rules, every fault in it found at once, and compiled into something that decides
 * about a pair in a fraction of a microsecond.
 */
package org.pairspan.kms.policy.document;
