package org.pairspan.cli.ctl;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.pairspan.cli.failure.CommandFailure;
import org.pairspan.cli.pki.TokenOption;
import org.pairspan.kms.sealing.KeyShare;
import org.pairspan.kms.sealing.ProviderKind;
import org.pairspan.kms.unsealing.SealingMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Changes the master key while the key servers work. */
@Command(name = "rotate",
    description = "Wraps the sealing ring by another master key, in one step: for one key server of the cluster, whichever. All go on working; each needs the "
        + "settings of the new master key before its next start. Where the present master key is a typed passphrase or shares, they are asked for.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl master-key rotate --to file --file /etc/pairspan/master-2.key",
        "  pairspan ctl master-key rotate --to passphrase",
        "  pairspan ctl master-key rotate --to shares --share share-1-of-3.txt --share share-2-of-3.txt",
        "  pairspan ctl master-key rotate --to pkcs11 --pkcs11-library /usr/lib/softhsm/libsofthsm2.so --pin-file /etc/pairspan/pin"})
final class RotateMasterKeyCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Option(names = "--to", required = true, paramLabel = "PROVIDER", description = "who keeps the new master key: ${COMPLETION-CANDIDATES}")
    private ProviderKind to;

    @Option(names = "--file", paramLabel = "FILE", description = "of --to file: made by 'pairspan pki master-key', on the key server's machine")
    private Path file;

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "of --to passphrase (default: the terminal, or standard input)")
    private Path passphraseFile;

    @Option(names = "--share", paramLabel = "FILE", description = "of --to shares, once for each of as many as are needed (default: the terminal)")
    private List<Path> shares = List.of();

    @Option(names = "--current", paramLabel = "FILE", description = "the present passphrase; or a share, once for each (default: the terminal)")
    private List<Path> current = List.of();

    @Mixin
    private TokenOption token;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        requireOptions();
        byte[] present = present();
        try {
            String outcome = switch (to) {
                case FILE -> server.call(SealingMXBean.class,
                    (sealing, operator) -> sealing.rotateToFile(operator, present, file.toAbsolutePath().toString()));
                case PASSPHRASE -> withSecret(() -> TypedSecrets.newPassphrase(passphraseFile), SealingMXBean::rotateToPassphrase, present);
                case SHARES -> withSecret(() -> TypedSecrets.shares(shares, "new share", RotateMasterKeyCommand::threshold),
                    SealingMXBean::rotateToShares, present);
                case PKCS11 -> server.call(SealingMXBean.class, (sealing, operator) -> sealing.rotateToToken(operator, present,
                    token.library().toAbsolutePath().toString(), token.slotText(), token.keyLabel(), token.pinFile().toAbsolutePath().toString()));
            };
            spec.commandLine().getOut().println(outcome);
            return 0;
        } finally {
            Arrays.fill(present, (byte) 0);
        }
    }

    private interface Rotation {
        String to(SealingMXBean sealing, String operator, byte[] current, byte[] secret);
    }

    private String withSecret(Supplier<byte[]> read, Rotation rotation, byte[] present) {
        byte[] secret = read.get();
        try {
            return server.call(SealingMXBean.class, (sealing, operator) -> rotation.to(sealing, operator, present, secret));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] present() {
        return switch (server.call(SealingMXBean.class, (sealing, operator) -> sealing.getNeedsForRotation())) {
            case "passphrase" -> SecretInput.read(current.isEmpty() ? null : current.getFirst(), "present passphrase");
            case "shares" -> TypedSecrets.shares(current, "present share", RotateMasterKeyCommand::threshold);
            default -> new byte[0];
        };
    }

    private static int threshold(byte[] share) {
        try {
            KeyShare parsed = KeyShare.parse(share);
            parsed.wipe();
            return parsed.threshold();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage(), e);
        }
    }

    private void requireOptions() {
        if (to == ProviderKind.FILE && file == null) {
            throw new ParameterException(spec.commandLine(), "--to file needs --file");
        }
        if (to == ProviderKind.PKCS11 && !token.isGiven()) {
            throw new ParameterException(spec.commandLine(), "--to pkcs11 needs --pkcs11-library and --pin-file");
        }
    }
}
