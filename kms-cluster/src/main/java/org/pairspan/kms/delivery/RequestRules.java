package org.pairspan.kms.delivery;

import java.util.Optional;
import org.pairspan.kms.config.Etsi014Settings;
import org.pairspan.kms.etsi014.ErrorMessage;
import org.pairspan.kms.etsi014.KeyRequest;

/** What a key request may ask for (ETSI GS QKD 014, "Get key" and clause 6.2). */
record RequestRules(Etsi014Settings.Keys keys) {

    /** What is wrong with a request; empty where nothing is. No mandatory extension is known here. */
    Optional<ErrorMessage> fault(KeyRequest request) {
        if (!request.mandatoryExtensions().isEmpty()) {
            return Optional.of(new ErrorMessage(ErrorMessage.EXTENSION_NOT_SUPPORTED,
                    request.mandatoryExtensions().stream().map(name -> new ErrorMessage.Detail("extension_mandatory", name)).toList()));
        }
        String fault = null;
        if (request.number() < 1 || request.number() > keys.maxPerRequest()) {
            fault = "number shall be from 1 to " + keys.maxPerRequest();
        } else if (request.size() % Byte.SIZE != 0) {
            fault = ErrorMessage.SIZE_NOT_OF_BYTES;
        } else if (request.size() != 0 && (request.size() < keys.minSize() || request.size() > keys.maxSize())) {
            fault = "size shall be from " + keys.minSize() + " to " + keys.maxSize();
        } else if (request.additionalSlaves().size() > keys.maxOthers()) {
            fault = "no more additional_slave_SAE_IDs than " + keys.maxOthers();
        }
        return Optional.ofNullable(fault).map(ErrorMessage::new);
    }
}
