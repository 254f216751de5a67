package org.pairspan.cli.service;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pairspan.cli.ctl.SecretInput;
import org.pairspan.cli.failure.CommandFailure;
import org.pairspan.node.enrolment.FirstCertificate;
import org.pairspan.node.enrolment.RefusedException;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Gets a node its first certificate. */
@Command(name = "enrol",
    description = "Gets this node's first certificate from a key server, for a one-time token that an operator made there with 'pairspan ctl enrol'. "
        + "The key is made here and stays here. When no answer comes, the same command asks again for the same certificate.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan node enrol --kms kms-1.example.com:7401 --token-file token --authority ca.crt --out /etc/pairspan",
        "  ssh kms-1 pairspan ctl enrol site-a --prefix 10.1.0.0/16 | pairspan node enrol --kms kms-1.example.com:7401 --authority ca.crt --out pki"})
final class EnrolCommand implements Callable<Integer> {
    private static final Pattern TOKEN = Pattern.compile("(" + Identity.ID.pattern() + "):([A-Za-z0-9_-]{43})");

    @Option(names = "--kms", paramLabel = "HOST:PORT", required = true, converter = ServerConverter.class, description = "the enrolment port of a key server")
    private InetSocketAddress server;

    @Option(names = "--token-file", paramLabel = "FILE", description = "the token, in a file that only its owner can read (default: standard input)")
    private Path tokenFile;

    @Option(names = "--authority", paramLabel = "FILE", required = true, description = "the authority's certificate, by which the key server is known (PEM)")
    private Path authority;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = ".", description = "folder for ID.crt and ID.key, created when needed (default: ${DEFAULT-VALUE})")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Matcher token = token();
        String id = token.group(1);
        byte[] secret = Base64.getUrlDecoder().decode(token.group(token.groupCount()));
        FirstCertificate enrolment = new FirstCertificate(folder, authority);
        try {
            X509Certificate certificate = enrolment.enrol(server, id, secret);
            PrintWriter out = spec.commandLine().getOut();
            out.println("member " + id + " " + GrantedPrefixes.of(certificate) + ", valid until " + certificate.getNotAfter().toInstant());
            out.println("certificate " + enrolment.certificate(id) + ", key " + enrolment.key(id));
            return 0;
        } catch (RefusedException e) {
            throw new CommandFailure("the key server issues no certificate for this token: it is used, expired, or not its own, or the id is revoked. "
                + "It tells nobody which, but its audit log: 'pairspan ctl audit show FILE --event member-enrolled' there. Ask its operator for another token, "
                + "'pairspan ctl enrol " + id + "'", e);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new CommandFailure(EnrolmentTrouble.explain(HostPort.text(server), authority, e), e);
        } catch (CertificateException e) {
            throw new CommandFailure("the certificate cannot be read: " + e.getMessage(), e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private Matcher token() {
        byte[] text = SecretInput.read(tokenFile, "Token");
        try {
            Matcher matcher = TOKEN.matcher(new String(text, StandardCharsets.US_ASCII).strip());
            if (!matcher.matches()) {
                throw new CommandFailure("what was read is no token: an id, a colon, and 43 characters, as 'pairspan ctl enrol' prints it. Give it whole, and nothing else");
            }
            return matcher;
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static final class ServerConverter implements ITypeConverter<InetSocketAddress> {
        @Override
        public InetSocketAddress convert(String value) {
            InetSocketAddress named = parse(value);
            InetSocketAddress address = new InetSocketAddress(named.getHostString(), named.getPort());
            if (address.isUnresolved()) {
                throw new TypeConversionException("the name " + address.getHostString() + " does not resolve");
            }
            return address;
        }

        private static InetSocketAddress parse(String value) {
            try {
                return HostPort.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' is not host:port or [ipv6]:port: " + e.getMessage());
            }
        }
    }
}
