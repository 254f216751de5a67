/**
 * What single steps of a packet's way cost (JMH). One operation is one packet, unless a benchmark says otherwise. Whole tunnels are
 * measured from outside, by the scripts in this module's folder.
 */
package org.pairspan.benchmarks;
