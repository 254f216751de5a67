package org.pairspan.cli.service;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.pairspan.cli.failure.CommandFailure;
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
        Running running = start(config);
        Thread closer = new Thread(() -> close(running.handle()), "shutdown");
        Runtime.getRuntime().addShutdownHook(closer);
        try {
            running.ended().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new CommandFailure("stopped by a failure: " + e.getCause().getMessage(), e.getCause());
        }
        return 1;
    }

    /** A local JMX connection leads over loopback, whatever this machine's name resolves to, unless the operator opened JMX to the network. */
    private static void keepManagementLocal() {
        if (System.getProperty(RMI_HOST) == null && System.getProperty(JMX_PORT) == null) {
            System.setProperty(RMI_HOST, "127.0.0.1");
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
