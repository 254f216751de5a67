/**
 * How often something may be done, with bursts.
 */
package org.pairspan.kms.rate;
