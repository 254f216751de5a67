package org.pairspan.cli.service;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.bouncycastle.tls.TlsException;
import org.pairspan.cli.failure.FailureReport;

/** What has gone wrong between a node that wants a certificate and a key server, and what to do about it. */
final class EnrolmentTrouble {
    private static final String STILL_GOOD = "The token is still good: give the same command again";

    private EnrolmentTrouble() {
    }

    /**
     * @param server as the operator gave it
     * @param authority the file by which the key server is known
     */
    static String explain(String server, Path authority, IOException failure) {
        Optional<CertificateException> certificate = FailureReport.find(failure, CertificateException.class);
        if (certificate.isPresent()) {
            return server + " is no key server that " + authority + " vouches for: " + certificate.get().getMessage()
                + ". Is that the ca.crt of this key service, and is the clock of this machine right? " + STILL_GOOD;
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException || failure instanceof SocketTimeoutException) {
            return "no key server can be reached at " + server + ": " + failure.getMessage() + ". Does it run, is that its enrolment.port, and do packet "
                + "filters let TCP through? " + STILL_GOOD;
        }
        if (failure instanceof SocketException || failure instanceof EOFException || failure instanceof SSLException || failure instanceof TlsException) {
            return server + " broke off: " + reason(failure) + ". Is that an enrolment port (enrolment.port, 7401 in the handbook; 7400 is "
                + "for members that have their certificate), and is " + authority + " of its kind, SM2 or ECDSA? " + STILL_GOOD;
        }
        return reason(failure) + ". " + STILL_GOOD;
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? "the connection ended before there was an answer" : failure.getMessage();
    }
}
