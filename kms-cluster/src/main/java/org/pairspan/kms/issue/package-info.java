/**
 * The way of a key request through directory, pair key, association and audit to a grant.
 */
package org.pairspan.kms.issue;
