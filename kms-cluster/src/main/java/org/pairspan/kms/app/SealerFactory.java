package org.pairspan.kms.app;

import java.security.SecureRandom;
import java.util.Arrays;
import org.pairspan.kms.config.KmsSettings.Sealing;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.sealing.CheckValue;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.kms.sealing.Sealer;

/** Makes the sealer of a journal from the operator's settings, and refuses a master key that is not the journal's. */
final class SealerFactory {

    private static final String KEY_FILE = "pairspan.kms.sealing.master-key-file";
    private static final String PASSPHRASE_FILE = "pairspan.kms.sealing.passphrase-file";

    private SealerFactory() {
    }

    static Sealer create(Sealing settings, Journal journal) {
        SecureRandom random = new SecureRandom();
        boolean byKey = settings.masterKeyFile() != null;
        String setting = byKey ? KEY_FILE : PASSPHRASE_FILE;
        byte[] masterKey = byKey ? MasterKey.read(setting, settings.masterKeyFile())
                : MasterKey.fromPassphrase(setting, settings.passphraseFile(), salt(journal, random));
        try {
            Sealer sealer = new Sealer(masterKey, settings.algorithm(), random);
            CheckValue.verify(sealer, setting, proposed -> journal.sharedValue("sealing-check", proposed));
            return sealer;
        } finally {
            Arrays.fill(masterKey, (byte) 0);
        }
    }

    private static byte[] salt(Journal journal, SecureRandom random) {
        byte[] proposed = new byte[MasterKey.SALT_LENGTH];
        random.nextBytes(proposed);
        return journal.sharedValue("passphrase-salt", proposed);
    }
}
