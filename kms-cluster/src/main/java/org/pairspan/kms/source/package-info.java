/**
 * Where key material comes from.
 */
package org.pairspan.kms.source;
