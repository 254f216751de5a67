package org.pairspan.cli.ctl;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.pairspan.kms.unsealing.SealingMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gives a key server what unseals it. */
@Command(name = "unseal",
    description = "Unseals a key server, with a passphrase or shares that are read without echo. On a terminal it asks until the server is unsealed; "
        + "an operator who has given a share leaves with Ctrl+C, and the next one goes on.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl unseal",
        "  pairspan ctl unseal --name kms-2 --secret-file /media/card/share-1.txt",
        "  pairspan ctl unseal --name kms-2 < /media/card/share-1.txt"})
final class UnsealCommand implements Callable<Integer> {
    private static final String NOTHING = "nothing";

    @Mixin
    private KeyServerOption server;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "the passphrase or one share, mode 600 (default: the terminal, or standard input)")
    private Path secretFile;

    @Spec
    private CommandSpec spec;

    private record Question(String state, String needs, String given) {
    }

    @Override
    public Integer call() {
        Question question;
        do {
            question = ask();
            String needs = question.needs();
            byte[] secret = "unsealed".equals(question.state()) ? new byte[0] : read(needs, question.given());
            try {
                print(server.call(SealingMXBean.class, (sealing, operator) -> sealing.unseal(operator, secret)));
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        } while (secretFile == null && TypedSecrets.isTerminal() && "sealed".equals(ask().state()));
        return 0;
    }

    private Question ask() {
        return server.call(SealingMXBean.class, (sealing, operator) -> new Question(sealing.getState(), sealing.getNeeds(), sealing.getSharesGiven()));
    }

    private byte[] read(String needs, String given) {
        return switch (needs) {
            case NOTHING -> new byte[0];
            case "share" -> TypedSecrets.share(secretFile, given.isEmpty() ? "share" : "share (" + given + " given)");
            case "new passphrase" -> TypedSecrets.newPassphrase(secretFile);
            default -> SecretInput.read(secretFile, needs);
        };
    }

    private void print(String outcome) {
        spec.commandLine().getOut().println(outcome);
        spec.commandLine().getOut().flush();
    }
}
