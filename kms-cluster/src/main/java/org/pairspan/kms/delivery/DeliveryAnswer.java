package org.pairspan.kms.delivery;

import org.pairspan.kms.etsi014.ErrorMessage;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.etsi014.Status;

/** What a caller is answered; the names are the standard's status codes. */
sealed interface DeliveryAnswer {

    /** 200 with keys; whoever encodes them wipes them. */
    record Keys(KeyContainer container) implements DeliveryAnswer {
    }

    /** 200 with a status. */
    record Figures(Status status) implements DeliveryAnswer {
    }

    /** 400. */
    record BadRequest(ErrorMessage error) implements DeliveryAnswer {

        BadRequest(String message) {
            this(new ErrorMessage(message));
        }
    }

    /** 401, without a body. */
    record Unauthorized() implements DeliveryAnswer {
    }

    /** 503. */
    record Unavailable(ErrorMessage error) implements DeliveryAnswer {

        Unavailable(String message) {
            this(new ErrorMessage(message));
        }
    }
}
