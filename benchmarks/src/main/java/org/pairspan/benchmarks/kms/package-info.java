/**
 * Load on real key servers: how many keys a second, how long each takes, what limits, beside what the database itself can do.
 */
package org.pairspan.benchmarks.kms;
