package org.pairspan.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real PostgreSQL server. Its data lie in {@code data} of a folder and its log beside them; started again on the same folder it finds what
 * was there. PostgreSQL refuses to run as root, so root runs it as {@code nobody}, with the one capability to pass through folders
 * that are closed to others. It ends with this JVM; at {@link #close()} nothing is left but the folder. Methods are for one thread.
 */
public final class PostgresServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int NOBODY = 65_534;
    private static final String USER = "pairspan";
    private static final String DATABASE = "postgres";
    private static final int SHARED_MEMORY_LINE = 6;

    private final Path folder;
    private final Path data;
    private final PostgresOptions options;
    private final Path programs;
    private final int port;
    private final String password;
    private final Thread atExit = new Thread(this::kill);
    private ServerProcess process;

    private PostgresServer(Path folder, PostgresOptions options) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        this.options = options;
        data = this.folder.resolve("data");
        programs = PostgresPrograms.folder();
        port = options.port() == 0 ? ListeningPort.free(options.address()) : options.port();
        password = password(this.folder.resolve("password"));
    }

    /** Starts a server on this machine's loopback interface. */
    public static PostgresServer start(Path folder) {
        return start(folder, PostgresOptions.LOCAL);
    }

    /**
     * Starts a server and waits until it takes connections.
     *
     * @throws PostgresException where it does not start
     */
    public static PostgresServer start(Path folder, PostgresOptions options) {
        try {
            PostgresServer server = new PostgresServer(folder, options);
            if (!Files.exists(server.data)) {
                server.initialize();
            }
            Runtime.getRuntime().addShutdownHook(server.atExit);
            server.launch();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("no PostgreSQL in " + folder, e);
        }
    }

    /** URL of the database, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + address() + "/" + DATABASE;
    }

    /** {@code host:port}. */
    public String address() {
        return (options.address().indexOf(':') < 0 ? options.address() : '[' + options.address() + ']') + ':' + port;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** Process id of the server, whose other processes are its children. */
    public long pid() {
        return process.handle().pid();
    }

    /** The folder with {@code initdb}, {@code postgres} and, where it is installed, {@code pgbench}. */
    public Path programs() {
        return programs;
    }

    /** The folder with the database's files. */
    public Path data() {
        return data;
    }

    /** The file with what the server said. */
    public Path log() {
        return folder.resolve("postgres.log");
    }

    /** Stops it where it stands, with all its processes (SIGSTOP): connections are taken by the kernel, and nobody answers. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen server go on (SIGCONT). */
    public void thaw() {
        signal("CONT");
    }

    /**
     * Makes every commit wait before it is written to disk, as a slow disk does; until it is called again, also across restarts.
     *
     * @param wait 0 to 100 ms; commits that wait together are written together
     */
    public void delayCommits(Duration wait) {
        try {
            Files.writeString(data.resolve("postgresql.auto.conf"), "commit_delay = %d\ncommit_siblings = 0\n".formatted(wait.toNanos() / 1000));
        } catch (IOException e) {
            throw new UncheckedIOException("could not set commit_delay", e);
        }
        if (process.handle().isAlive()) {
            run(List.of("kill", "-HUP", Long.toString(pid())));
        }
    }

    /** {@code kill -9} of the server and all its processes, as when its machine fails. */
    public void kill() {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        process.awaitEnd(STOP_LIMIT);
        all.forEach(one -> one.onExit().join());
    }

    /** Stops it in order, breaking off its connections. */
    public void stop() {
        if (process.handle().isAlive()) {
            run(List.of("kill", "-INT", Long.toString(pid())));
            if (process.awaitEnd(STOP_LIMIT) == null) {
                kill();
            }
        }
    }

    /** Starts it again at the same port after it was stopped or killed, and waits until it takes connections. */
    public void restart() {
        launch();
    }

    /** Stops it, however it stands. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        thaw();
        stop();
        removeSharedMemory();
    }

    private void launch() {
        List<String> command = new ArrayList<>(List.of(programs.resolve("postgres").toString(), "-D", data.toString()));
        settings().forEach((name, value) -> {
            command.add("-c");
            command.add(name + '=' + value);
        });
        process = ServerProcess.start(command(command), log(), "ready to accept connections");
        process.awaitLine(START_LIMIT);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(Map.of("listen_addresses", options.address(), "port", Integer.toString(port),
                "unix_socket_directories", "", "dynamic_shared_memory_type", "mmap"));
        settings.putAll(options.settings());
        return settings;
    }

    private void initialize() throws IOException {
        Files.createDirectory(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (isRoot()) {
            Files.setAttribute(data, "unix:uid", NOBODY);
            Files.setAttribute(data, "unix:gid", NOBODY);
            Files.setAttribute(folder.resolve("password"), "unix:uid", NOBODY);
        }
        ServerProcess initdb = ServerProcess.start(command(List.of(programs.resolve("initdb").toString(), "-D", data.toString(), "-U", USER,
                "--pwfile=" + folder.resolve("password"), "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")),
                log(), "Success");
        Integer code = initdb.awaitEnd(START_LIMIT);
        if (code == null) {
            initdb.handle().destroyForcibly();
        }
        if (code == null || code != 0) {
            throw new PostgresException("initdb failed: " + initdb.lastLines());
        }
        // From everywhere: in a laboratory the key servers come from other addresses than the server's.
        Files.writeString(data.resolve("pg_hba.conf"), "host all all 0.0.0.0/0 scram-sha-256\nhost all all ::/0 scram-sha-256\n");
    }

    private List<String> command(List<String> inside) {
        List<String> command = new ArrayList<>(options.prefix());
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups",
                    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--"));
        }
        command.addAll(inside);
        return command;
    }

    /** The server first, so that it makes no new processes meanwhile. */
    private List<ProcessHandle> processes() {
        List<ProcessHandle> all = new ArrayList<>(List.of(process.handle()));
        process.handle().descendants().forEach(all::add);
        return all;
    }

    private void signal(String signal) {
        if (process.handle().isAlive()) {
            run(List.of("kill", '-' + signal, Long.toString(pid())));
            List<String> rest = new ArrayList<>(List.of("kill", '-' + signal));
            processes().stream().skip(1).forEach(one -> rest.add(Long.toString(one.pid())));
            if (rest.size() > 2) {
                run(rest);
            }
        }
    }

    /** A killed server leaves a System V segment of some bytes, by which its next run would know that it was killed. */
    private void removeSharedMemory() {
        Path pidFile = data.resolve("postmaster.pid");
        try {
            if (Files.exists(pidFile)) {
                List<String> lines = Files.readAllLines(pidFile);
                if (lines.size() > SHARED_MEMORY_LINE) {
                    run(List.of("ipcrm", "-m", lines.get(SHARED_MEMORY_LINE).strip().split("\\s+")[1]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + pidFile, e);
        }
    }

    /** A process that has just ended can't be told anything; every other failure shows in what the caller waits for. */
    private static void run(List<String> command) {
        try {
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw new PostgresException("could not run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted in " + String.join(" ", command), e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file);
    }
}
