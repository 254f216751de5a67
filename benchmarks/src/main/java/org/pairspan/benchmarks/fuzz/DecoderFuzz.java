package org.pairspan.benchmarks.fuzz;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@code DecoderFuzz [SECONDS [SEED [NAME]]]}: feeds each decoder, or those with that in their names, for so many seconds (60) with random
 * bytes, and with good ones that were cut, lengthened or changed. Ends with code 1 and the input in hexadecimal where one throws or takes
 * longer than a second, with 2 where it is asked for what it does not know.
 */
public final class DecoderFuzz {
    private static final int LONGEST = 1 << 11;
    private static final int RENEW_AFTER = 100_000;
    private static final int LOOK_AFTER = 1_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SLOW_NS = TimeUnit.SECONDS.toNanos(1);

    private final UnsafeBuffer input = new UnsafeBuffer(0, 0);
    private final ByteBuffer memory = ByteBuffer.allocateDirect(LONGEST);
    private final byte[] bytes = new byte[LONGEST];
    private final PrintStream out;
    private int length;

    private DecoderFuzz(PrintStream out) {
        this.out = out;
    }

    /** Runs the decoders, one after the other. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        String only = arguments.length > 2 ? arguments[2] : "";
        if (arguments.length > 3 || !Arrays.stream(arguments).limit(2).allMatch(number -> number.matches("[0-9]{1,18}"))
            || targets().keySet().stream().noneMatch(name -> name.contains(only))) {
            out.println("usage: [SECONDS_EACH [SEED [NAME]]], NAME being one or a part of " + String.join(", ", targets().keySet()));
            System.exit(2);
        }
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 60;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime() % 1_000_000;
        out.println("seed " + seed + ", " + seconds + " s each");
        boolean held = true;
        for (Map.Entry<String, Supplier<FuzzTarget>> target : targets().entrySet()) {
            if (target.getKey().contains(only)) {
                held &= new DecoderFuzz(out).run(target.getKey(), target.getValue(), seconds, seed);
            }
        }
        System.exit(held ? 0 : 1);
    }

    private static Map<String, Supplier<FuzzTarget>> targets() {
        Map<String, Supplier<FuzzTarget>> targets = new LinkedHashMap<>();
        targets.put("datagram", DatagramTarget::new);
        targets.put("control", ControlTarget::new);
        targets.put("acknowledgements", AcknowledgementTarget::new);
        targets.put("handshake", HandshakeTarget::new);
        targets.put("pieces", PieceTarget::new);
        targets.put("packets", PacketTarget::new);
        targets.put("key-service", KeyServiceTarget::new);
        targets.put("etsi-014", KeyDeliveryTarget::new);
        targets.put("certificate-requests", CertificateRequestTarget::new);
        targets.put("enrolment", EnrolmentTarget::new);
        return targets;
    }

    private boolean run(String name, Supplier<FuzzTarget> supplier, long seconds, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FuzzTarget target = supplier.get();
        List<byte[]> samples = target.samples();
        long inputs = 0;
        long beganNs = System.nanoTime();
        long endNs = beganNs + TimeUnit.SECONDS.toNanos(seconds);
        long processorNs = THREADS.getCurrentThreadCpuTime();
        while (beganNs - endNs < 0) {
            if (inputs % LOOK_AFTER == 0) {
                processorNs = THREADS.getCurrentThreadCpuTime();
            }
            if (++inputs % RENEW_AFTER == 0) {
                target = supplier.get();
                samples = target.samples();
            }
            make(samples, random);
            try {
                target.feed(input, random);
            } catch (RuntimeException | Error e) {
                report(name, inputs, e.toString());
                e.printStackTrace(out);
                return false;
            }
            long nowNs = System.nanoTime();
            // A machine with much else to do makes an input slow as well, but takes no processor time for that.
            if (nowNs - beganNs > SLOW_NS && THREADS.getCurrentThreadCpuTime() - processorNs > SLOW_NS) {
                report(name, inputs, "it took " + TimeUnit.NANOSECONDS.toMillis(nowNs - beganNs) + " ms");
                return false;
            }
            beganNs = nowNs;
        }
        out.println(name + ": " + inputs + " inputs, nothing wrong");
        return true;
    }

    private void report(String name, long inputs, String what) {
        out.println(name + ": input " + inputs + ", " + length + " bytes: " + what);
        out.println(HexFormat.of().formatHex(bytes, 0, length));
    }

    private void make(List<byte[]> samples, SplittableRandom random) {
        if (samples.isEmpty() || random.nextInt(4) == 0) {
            length = random.nextInt(random.nextInt(8) == 0 ? LONGEST : 64);
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) random.nextInt();
            }
        } else {
            change(samples.get(random.nextInt(samples.size())), random);
        }
        memory.clear().put(bytes, 0, length);
        input.wrap(memory, 0, length);
    }

    private void change(byte[] sample, SplittableRandom random) {
        length = Math.min(sample.length, LONGEST);
        System.arraycopy(sample, 0, bytes, 0, length);
        switch (random.nextInt(4)) {
            case 0 -> length = random.nextInt(length + 1);
            case 1 -> {
                int longer = Math.min(LONGEST, length + random.nextInt(32));
                for (; length < longer; length++) {
                    bytes[length] = (byte) random.nextInt();
                }
            }
            default -> { }
        }
        for (int changes = random.nextInt(4); changes > 0 && length > 0; changes--) {
            int at = random.nextInt(length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
                default -> bytes[at] = (byte) random.nextInt();
            }
        }
    }
}
