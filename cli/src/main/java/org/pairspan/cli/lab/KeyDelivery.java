package org.pairspan.cli.lab;

import java.util.List;

/**
 * Keys over ETSI GS QKD 014 in a laboratory: with ECDSA certificates of an authority of their own, for curl does not speak SM2.
 *
 * @param saes the members that take such keys
 */
public record KeyDelivery(LabPki pki, List<String> saes) {

    /** Where each key server listens. */
    public static final int PORT = 7500;

    /** The lines of a key server's settings. */
    String settings(String name, String address) {
        return """
            etsi-014 { enabled = true, host = "%s", port = %d, saes = %s, %s }
            """.formatted(address, PORT, LabConfig.list(saes), LabConfig.identity(pki, name));
    }
}
