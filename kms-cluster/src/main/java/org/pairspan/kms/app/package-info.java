/**
 * The key server as a whole: puts the parts together, starts and stops them.
 */
package org.pairspan.kms.app;
