/**
 * The key server's settings, read and checked once at start.
 */
package org.pairspan.kms.config;
