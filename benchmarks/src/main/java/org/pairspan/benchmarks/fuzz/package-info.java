/**
 * Bytes that nobody should send, at every decoder that takes bytes from outside, for as long as one likes. The tests of each package do the
 * same for a moment only.
 */
package org.pairspan.benchmarks.fuzz;
