package org.pairspan.node.enrolment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.pairspan.node.config.RenewalConfig;
import org.pairspan.runtime.certificate.CertificateFiles;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this node's certificate at two thirds of its validity, with a new key, from the first key server that answers, and replaces both
 * files. Connections that stand go on; new ones use the new certificate. Where no server is configured, it only warns. A thread of its own.
 */
public final class CertificateRenewal implements CertificateMXBean, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** The clock is looked at again at least so often: it may be set, and the machine may sleep. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final byte[] NO_TOKEN = new byte[0];

    private final RenewalConfig config;
    private final InstantSource clock;
    private final Runnable renewed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("certificate-renewal").unstarted(this::keepValid);
    private volatile TlsContexts tls;
    private volatile long renewals;
    private volatile String lastFailure = "";
    private volatile Instant nextAttempt;

    /**
     * @param first   the identity the node starts with
     * @param renewed told after each renewal, on this one's thread
     */
    public CertificateRenewal(RenewalConfig config, TlsIdentity first, InstantSource clock, Runnable renewed) {
        this.config = config;
        this.clock = clock;
        this.renewed = renewed;
        this.tls = TlsContexts.of(first);
        this.nextAttempt = RenewalTimes.due(first.certificate());
    }

    /** Begins to watch. Once. */
    public void start() {
        thread.start();
    }

    /** For new connections: the newest certificate. Any thread. */
    public TlsContexts tls() {
        return tls;
    }

    private void keepValid() {
        try {
            while (!closing.await(wait(clock.instant()).toMillis(), TimeUnit.MILLISECONDS)) {
                if (!clock.instant().isBefore(nextAttempt)) {
                    attempt();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted; the certificate is not renewed any more", e);
        }
    }

    private Duration wait(Instant now) {
        Duration left = Duration.between(now, nextAttempt);
        return left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : left.plusMillis(1);
    }

    private void attempt() {
        X509Certificate current = tls.identity().certificate();
        try {
            TlsIdentity next = renew();
            tls = TlsContexts.of(next);
            renewals++;
            lastFailure = "";
            nextAttempt = RenewalTimes.due(next.certificate());
            LOG.info("The certificate was renewed; it is valid until {}", next.certificate().getNotAfter().toInstant());
            renewed.run();
        } catch (IOException | RefusedException | RuntimeException e) {
            lastFailure = e.getMessage();
            nextAttempt = clock.instant().plus(RenewalTimes.pause(current, clock.instant()));
            LOG.warn("The certificate ends at {} and could not be renewed: {}", current.getNotAfter().toInstant(), e.toString());
        }
    }

    private TlsIdentity renew() throws IOException, RefusedException {
        TlsIdentity own = tls.identity();
        KeyPair pair = own.keyKind().generate(new SecureRandom());
        List<X509Certificate> chain = ask(new EnrolmentExchange(own.identity(), own.keyKind(), pair, own.authorities()));
        new CertificateFiles(config.certificate(), config.privateKey()).replace(pair.getPrivate(), chain);
        return TlsIdentity.load(config.certificate(), config.privateKey(), config.authority());
    }

    private List<X509Certificate> ask(EnrolmentExchange exchange) throws IOException, RefusedException {
        IOException last = new IOException("no server for renewal is configured: identity.renewal-servers");
        for (InetSocketAddress server : config.servers()) {
            try (SSLSocket socket = tls.connect(resolved(server), Role.KMS, CONNECT)) {
                return exchange.ask(socket, NO_TOKEN, clock.instant());
            } catch (IOException e) {
                LOG.info("No certificate from {}: {}", HostPort.text(server), e.getMessage());
                last = e;
            }
        }
        throw last;
    }

    private static InetSocketAddress resolved(InetSocketAddress server) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(server.getHostString()), server.getPort());
    }

    @Override
    public String getEnd() {
        return tls.identity().certificate().getNotAfter().toInstant().toString();
    }

    @Override
    public String getRenewalDue() {
        return config.servers().isEmpty() ? "" : nextAttempt.toString();
    }

    @Override
    public long getRenewals() {
        return renewals;
    }

    @Override
    public String getLastFailure() {
        return lastFailure;
    }

    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                LOG.warn("The thread for the certificate's renewal did not end within {}", CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
