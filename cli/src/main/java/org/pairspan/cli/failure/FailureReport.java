package org.pairspan.cli.failure;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.pairspan.runtime.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says in one line what went wrong and what to do, or in four where a setting is wrong; exit code 1, or 2 where a program's configuration is
 * wrong. The stack trace is in the log at level DEBUG.
 */
public final class FailureReport implements IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FailureReport.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        LOG.debug("{} failed", command.getCommandSpec().qualifiedName(), failure);
        PrintWriter err = command.getErr();
        Optional<ConfigurationException> configuration = find(failure, ConfigurationException.class);
        if (configuration.isPresent()) {
            err.println(configuration.get().getMessage());
        } else {
            err.println(command.getCommandSpec().qualifiedName() + ": " + explain(failure));
        }
        return failure instanceof WrongConfiguration ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    private static String explain(Throwable failure) {
        if (failure instanceof CommandFailure whole) {
            return whole.getMessage();
        }
        Optional<BindException> bind = find(failure, BindException.class);
        if (bind.isPresent()) {
            return chain(failure) + ". Something else uses that address and port, or this machine has no such address: 'ss -lntup' shows who, "
                + "the configuration file says where to listen";
        }
        Optional<FileAlreadyExistsException> exists = find(failure, FileAlreadyExistsException.class);
        if (exists.isPresent()) {
            return exists.get().getFile() + " is there already and is not overwritten. Move it away, or name another place";
        }
        Optional<NoSuchFileException> missing = find(failure, NoSuchFileException.class);
        if (missing.isPresent()) {
            return "there is no " + missing.get().getFile();
        }
        Optional<AccessDeniedException> denied = find(failure, AccessDeniedException.class);
        if (denied.isPresent()) {
            return "no permission for " + denied.get().getFile() + ". Run as its owner, or as root";
        }
        return chain(failure);
    }

    /** Messages from the outermost inwards; one that only repeats the next is left out. */
    private static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null || isBare(cause) ? cause.getClass().getSimpleName() + suffix(cause) : cause.getMessage();
            boolean repeats = cause.getCause() != null && message.endsWith(String.valueOf(cause.getCause().getMessage()));
            if (!repeats && text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return text.toString();
    }

    private static boolean isBare(Throwable cause) {
        return cause instanceof IOException && !cause.getMessage().contains(" ");
    }

    private static String suffix(Throwable cause) {
        return cause.getMessage() == null ? "" : " " + cause.getMessage();
    }

    /** The outermost cause of this type, or the failure itself. */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
