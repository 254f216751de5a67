package org.pairspan.cli.ctl;

/** Who runs this command, for audit records. */
final class OperatorName {

    private OperatorName() {
    }

    /** The operating system's user; with sudo, the user that called it: {@code root (sudo by alice)}. */
    static String current() {
        return of(System.getProperty("user.name"), System.getenv("SUDO_USER"));
    }

    static String of(String user, String sudoUser) {
        return sudoUser == null || sudoUser.isBlank() || sudoUser.equals(user) ? user : user + " (sudo by " + sudoUser + ')';
    }
}
