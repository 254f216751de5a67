package org.pairspan.kms.etsi014;

import java.util.List;

/**
 * Key request data format (clause 6.2). Optional extensions are left out: none is known.
 *
 * @param number              keys wanted, as asked for
 * @param size                of each, bits, as asked for; 0 where the KME chooses
 * @param additionalSlaves    further SAEs that may have the keys
 * @param mandatoryExtensions names of the extensions that must be understood
 */
public record KeyRequest(long number, long size, List<String> additionalSlaves, List<String> mandatoryExtensions) {

    /** One key of the size that the KME chooses. */
    public static final KeyRequest DEFAULT = new KeyRequest(1, 0, List.of(), List.of());

    public KeyRequest {
        additionalSlaves = List.copyOf(additionalSlaves);
        mandatoryExtensions = List.copyOf(mandatoryExtensions);
    }
}
