package org.pairspan.cli.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * What this process may do here: make namespaces and TUN devices as it is, in an unprivileged user namespace, or not at all.
 * Found out by trying, since permissions, container rules and the mode of {@code /dev/net/tun} all have a say.
 */
public enum LabAccess {
    /** Namespaces and TUN devices can be made as we are. */
    DIRECT,
    /** They can be made after entering a user namespace of our own, see {@link #inUserNamespace}. */
    USER_NAMESPACE,
    /** They can't be made. */
    NONE;

    private static final String TRY = "ip netns add %1$s && ip netns exec %1$s ip tuntap add dev lab0 mode tun; r=$?; "
        + "ip netns del %1$s; exit $r";
    /** A user namespace may not write the host's /run, so it mounts one of its own. */
    private static final String OWN_RUN = "mount -t tmpfs tmpfs /run && mkdir /run/netns && ";

    /** Tries what is possible, best first; some tens of milliseconds. Two trials at once would be in each other's way. */
    public static synchronized LabAccess find() {
        final String attempt = TRY.formatted(NetworkLab.PREFIX + ProcessHandle.current().pid() + "-try");
        if (succeeds(List.of("sh", "-c", attempt))) {
            return DIRECT;
        }
        return succeeds(List.of("unshare", "-Urnm", "sh", "-c", OWN_RUN + attempt)) ? USER_NAMESPACE : NONE;
    }

    /** The command that runs {@code command} as root of a new user namespace, with a place for network namespaces. */
    public static List<String> inUserNamespace(List<String> command) {
        final List<String> whole = new ArrayList<>(
            List.of("unshare", "-Urnm", "sh", "-c", OWN_RUN + "exec \"$@\"", "sh"));
        whole.addAll(command);
        return whole;
    }

    private static boolean succeeds(List<String> command) {
        try {
            return Command.run(command).exitCode() == 0;
        } catch (LabException e) {
            // Not even the tool is here: as good as a refusal.
            return false;
        }
    }
}
