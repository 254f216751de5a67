package org.pairspan.cli.service;

import java.net.BindException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.pairspan.cli.failure.CommandFailure;
import org.pairspan.cli.failure.WrongConfiguration;
import org.pairspan.runtime.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs a program in the foreground. It says on standard output when it is ready; SIGTERM and SIGINT end it cleanly, and so does its own end,
 * which is a failure.
 */
abstract class ServiceCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceCommand.class);
    private static final String RMI_HOST = "java.rmi.server.hostname";
    /** Classes of SQLSTATE: connection exception, insufficient resources, operator intervention. */
    private static final Set<String> PASSING_STATES = Set.of("08", "53", "57");
    private static final String JMX_PORT = "com.sun.management.jmxremote.port";

    @Option(names = {"-c", "--config"}, paramLabel = "FILE", description = "the configuration file (HOCON)")
    private Path config;

    /**
     * A program that runs.
     *
     * @param handle closing it ends the program cleanly
     * @param ended completes when it has ended, exceptionally when it failed
     */
    record Running(AutoCloseable handle, CompletionStage<?> ended) {
    }

    /** Starts the program; returns when it is ready. */
    abstract Running start(Path configuration);

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (config == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
        }
        keepManagementLocal();
        Running running = started();
        Thread closer = new Thread(() -> end(running), "shutdown");
        Runtime.getRuntime().addShutdownHook(closer);
        try {
            running.ended().toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ConfigurationException wrong) {
                throw judged(wrong);
            }
            throw new CommandFailure("stopped by a failure: " + e.getCause().getMessage(), e.getCause());
        }
        return 1;
    }

    private Running started() {
        try {
            return start(config);
        } catch (ConfigurationException e) {
            throw judged(e);
        }
    }

    /** A program that is unsealed starts again by itself, and finds the same wrong as any start. */
    private static RuntimeException judged(ConfigurationException failure) {
        return mayPass(failure) ? failure : new WrongConfiguration(failure);
    }

    /** A port that is taken and a database that does not answer are told as settings, too, but the same settings may do a little later. */
    static boolean mayPass(ConfigurationException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException || cause instanceof SQLException sql && sql.getSQLState() != null
                && PASSING_STATES.stream().anyMatch(sql.getSQLState()::startsWith)) {
                return true;
            }
        }
        return false;
    }

    /** A local JMX connection leads over loopback, whatever this machine's name resolves to, unless the operator opened JMX to the network. */
    private static void keepManagementLocal() {
        if (System.getProperty(RMI_HOST) == null && System.getProperty(JMX_PORT) == null) {
            System.setProperty(RMI_HOST, "127.0.0.1");
        }
    }

    private static void end(Running running) {
        boolean worked = !running.ended().toCompletableFuture().isDone();
        close(running.handle());
        if (worked) {
            ClassDataArchive.write();
        }
    }

    private static void close(AutoCloseable handle) {
        try {
            handle.close();
        } catch (Exception e) {
            LOG.error("Did not end cleanly", e);
        }
    }
}
