package org.pairspan.cli.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One network namespace. Commands enter it through {@code ip netns exec}; a thread of this JVM enters it by itself, so that
 * the sockets it opens belong there while the rest of the JVM stays outside.
 */
public final class Namespace {

    private final String role;
    private final String name;

    Namespace(String role, String name) {
        this.role = role;
        this.name = name;
    }

    /** What it is in the picture, such as {@code site-a}. */
    public String role() {
        return role;
    }

    /** Its name in {@code ip netns}; unique on this machine. */
    public String name() {
        return name;
    }

    /** The command as it must be given outside so that it runs inside. The process keeps the id it was started with. */
    public List<String> command(List<String> inside) {
        final List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
        command.addAll(inside);
        return command;
    }

    /** Starts a daemon thread that lives in this namespace until it ends. Sockets it opens stay in the namespace whoever uses them. */
    public Thread start(String threadName, Runnable work) {
        return Thread.ofPlatform().daemon().name(role + "-" + threadName).start(() -> {
            enter();
            work.run();
        });
    }

    /**
     * Does something with the network seen from inside, and waits for it.
     *
     * @throws LabException when the work throws, with what it threw as the cause
     */
    public <T> T call(Callable<T> work) {
        final FutureTask<T> task = new FutureTask<>(() -> {
            enter();
            return work.call();
        });
        final Thread thread = Thread.ofPlatform().daemon().name(role + "-call").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new LabException("in " + role + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while working in " + role, e);
        }
    }

    private void enter() {
        final int descriptor = LinuxCalls.open("/run/netns/" + name, LinuxCalls.O_RDONLY | LinuxCalls.O_CLOEXEC);
        if (descriptor < 0) {
            throw new LabException("could not open namespace " + name + ": errno " + -descriptor);
        }
        final int moved = LinuxCalls.setns(descriptor, LinuxCalls.CLONE_NEWNET);
        LinuxCalls.close(descriptor);
        if (moved < 0) {
            throw new LabException("could not enter namespace " + name + ": errno " + -moved);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
