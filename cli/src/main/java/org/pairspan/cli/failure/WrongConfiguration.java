package org.pairspan.cli.failure;

import org.pairspan.runtime.config.ConfigurationException;

/** The configuration file of a program has to be corrected: to start it again as it is helps nobody. Exit code 2, as wrong usage. */
public final class WrongConfiguration extends CommandFailure {
    private static final long serialVersionUID = 1L;

    public WrongConfiguration(ConfigurationException cause) {
        super(cause.getMessage(), cause);
    }
}
