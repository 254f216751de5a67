/**
 * Reads captures and says what was on the wire: which frames, whose packets, and whether anything of a known plaintext or of the
 * transport inside the tunnel can be seen in them.
 */
package org.pairspan.cli.lab.wire;
