package org.pairspan.protocol.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The few functions of libgcrypt that authenticated ciphers take, where the system has that library in a version with SM4 (1.9 and
 * later). Pointers are plain addresses: the caller keeps the memory alive and the lengths right.
 */
final class Libgcrypt {
    private static final String LIBRARY_NAME = "libgcrypt.so.20";
    private static final String OLDEST_VERSION = "1.9.0";
    private static final int GCRYCTL_TEST_ALGO = 8;
    private static final int GCRYCTL_DISABLE_SECMEM = 37;
    private static final int GCRYCTL_INITIALIZATION_FINISHED = 38;
    private static final int GCRYCTL_INITIALIZATION_FINISHED_P = 39;

    private static final Optional<SymbolLookup> LIBRARY = library();
    private static final MethodHandle OPEN = function("gcry_cipher_open", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = function("gcry_cipher_close", null, JAVA_LONG);
    private static final MethodHandle SET_KEY = function("gcry_cipher_setkey", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle SET_IV = brief("gcry_cipher_setiv", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle AUTHENTICATE =
        brief("gcry_cipher_authenticate", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle ENCRYPT =
        brief("gcry_cipher_encrypt", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle DECRYPT =
        brief("gcry_cipher_decrypt", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GET_TAG = brief("gcry_cipher_gettag", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CHECK_TAG = brief("gcry_cipher_checktag", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle ALGORITHM_INFO =
        function("gcry_cipher_algo_info", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final boolean READY = LIBRARY.isPresent() && initialise();

    private Libgcrypt() {
    }

    /** Whether this system has the library, with this cipher. */
    static boolean has(NativeAlgorithm algorithm) {
        try {
            return READY && (int) ALGORITHM_INFO.invokeExact(algorithm.cipher, GCRYCTL_TEST_ALGO, MemorySegment.NULL,
                MemorySegment.NULL) == 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A new cipher under this key, to be closed once. */
    static long open(NativeAlgorithm algorithm, byte[] key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handlePlace = arena.allocate(ADDRESS);
            check("gcry_cipher_open", (int) OPEN.invokeExact(handlePlace, algorithm.cipher, algorithm.mode, 0));
            long handle = handlePlace.get(ADDRESS, 0).address();
            MemorySegment keyCopy = arena.allocateFrom(JAVA_BYTE, key);
            int error = (int) SET_KEY.invokeExact(handle, keyCopy, (long) key.length);
            keyCopy.fill((byte) 0);
            check("gcry_cipher_setkey", error);
            return handle;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Wipes and frees the cipher. */
    static void close(long handle) {
        try {
            CLOSE.invokeExact(handle);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Begins a packet. */
    static void begin(long handle, long nonce, int nonceLength, long associatedData, int associatedDataLength) {
        try {
            check("gcry_cipher_setiv", (int) SET_IV.invokeExact(handle, nonce, (long) nonceLength));
            check("gcry_cipher_authenticate",
                (int) AUTHENTICATE.invokeExact(handle, associatedData, (long) associatedDataLength));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Encrypts all of a packet and writes its tag. */
    static void encrypt(long handle, long in, int length, long out, long tag, int tagLength) {
        try {
            check("gcry_cipher_encrypt", (int) ENCRYPT.invokeExact(handle, out, (long) length, in, (long) length));
            check("gcry_cipher_gettag", (int) GET_TAG.invokeExact(handle, tag, (long) tagLength));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Decrypts all of a packet; answers whether its tag fits. */
    static boolean decrypt(long handle, long in, int length, long out, long tag, int tagLength) {
        try {
            check("gcry_cipher_decrypt", (int) DECRYPT.invokeExact(handle, out, (long) length, in, (long) length));
            return (int) CHECK_TAG.invokeExact(handle, tag, (long) tagLength) == 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static Optional<SymbolLookup> library() {
        try {
            return Optional.of(SymbolLookup.libraryLookup(LIBRARY_NAME, Arena.global()));
        } catch (IllegalArgumentException absent) {
            return Optional.empty();
        }
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return function(name, result, new Linker.Option[0], parameters);
    }

    private static MethodHandle function(String name, MemoryLayout result, Linker.Option[] options, MemoryLayout... parameters) {
        FunctionDescriptor descriptor =
            result == null ? FunctionDescriptor.ofVoid(parameters) : FunctionDescriptor.of(result, parameters);
        return LIBRARY.map(library -> Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor, options))
            .orElse(null);
    }

    /**
     * A function that works on one packet: some microseconds without waiting for anything, so the thread need not tell the collector
     * where it is, which would cost a tenth of the time of AES.
     */
    private static MethodHandle brief(String name, MemoryLayout result, MemoryLayout... parameters) {
        return function(name, result, new Linker.Option[] {Linker.Option.critical(false)}, parameters);
    }

    private static boolean initialise() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = LIBRARY.orElseThrow();
        MethodHandle checkVersion = function("gcry_check_version", ADDRESS, ADDRESS);
        MethodHandle control = linker.downcallHandle(library.findOrThrow("gcry_control"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = (MemorySegment) checkVersion.invokeExact(arena.allocateFrom(OLDEST_VERSION));
            if (version.address() == 0) {
                return false;
            }
            // Another user of the library in this process may have initialised it before.
            if ((int) control.invokeExact(GCRYCTL_INITIALIZATION_FINISHED_P, 0) == 0) {
                check("gcry_control", (int) control.invokeExact(GCRYCTL_DISABLE_SECMEM, 0));
                check("gcry_control", (int) control.invokeExact(GCRYCTL_INITIALIZATION_FINISHED, 0));
            }
            return true;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void check(String function, int error) {
        if (error != 0) {
            throw new IllegalStateException(function + " of libgcrypt failed with error " + (error & 0xFFFF));
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
