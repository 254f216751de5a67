package org.pairspan.cli.demo;

import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.certificate.KeyKind;

/**
 * What the demo was asked for.
 *
 * @param suite protects the traffic
 * @param certificates the kind of all certificates
 * @param mebibytes size of the file that travels
 * @param keep leave the folder with capture, logs and configuration files
 */
record DemoOptions(Suite suite, KeyKind certificates, int mebibytes, boolean keep) {
}
