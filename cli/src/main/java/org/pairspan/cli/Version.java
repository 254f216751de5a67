package org.pairspan.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this distribution, from the manifest of its jar. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"pairspan " + (version == null ? "(from class files)" : version),
            "Java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.home") + ")"};
    }
}
